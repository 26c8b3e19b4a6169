"""Makes the fonts in this folder from Debian's font packages.

Needs fonts-inter-variable, fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji, and
fonttools with brotli from PyPI. Run it in this folder: python3 subset.py
"""

import shutil
import subprocess

NOTO = "/usr/share/fonts/truetype/noto/"
INTER = "/usr/share/fonts/truetype/inter-vf/"
CJK = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

LATIN = (
    "U+0000-052F,U+1C80-1C8F,U+1E00-1FFF,U+2000-214F,U+2150-218F,U+2190-21FF,U+2200-22FF,"
    "U+2C60-2C7F,U+A720-A7FF,U+AB30-AB6F,U+FB00-FB06,U+FFFD"
)
FIGURES = (
    "U+0020-017F,U+2010-2026,U+202F,U+2030,U+2039,U+203A,U+20AC,U+2190-2193,U+2196-2199,"
    "U+2212,U+221E,U+2248,U+2264,U+2265"
)
INTER_FEATURES = "kern,mark,mkmk,ccmp,locl,calt,tnum,case,frac,liga,rlig,zero"


def subset(source, name, unicodes, features="*", extra=()):
    subprocess.run(
        [
            "pyftsubset",
            source,
            f"--output-file={name}",
            unicodes if unicodes.startswith("--") else f"--unicodes={unicodes}",
            "--notdef-outline",
            "--no-hinting",
            "--drop-tables+=DSIG",
            "--name-IDs=0,1,2,3,4,5,6,13,14,16,17,25",
            f"--layout-features={features}",
            *extra,
        ],
        check=True,
    )


def characters(encoding, leads, trails):
    """The characters that a two-byte national standard holds in these rows."""
    found = set()
    for lead in leads:
        for trail in trails:
            try:
                text = bytes([lead, trail]).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                found.add(ord(text))
    return found


def cjk_characters():
    """Kana, JIS X 0208 level 1, GB 2312 level 1, Big5 level 1 and the hangul of KS X 1001."""
    high = range(0xA1, 0xFF)
    found = characters("euc_jp", range(0xA1, 0xD0), high)
    found |= characters("gb2312", range(0xA1, 0xD8), high)
    found |= characters("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *high])
    found |= characters("euc_kr", range(0xB0, 0xC9), high)
    for block in ((0x3000, 0x3100), (0x3130, 0x3190), (0x31F0, 0x3300), (0xFF00, 0xFFF0)):
        found |= set(range(*block))
    return sorted(code for code in found if code > 0x2E00)


subset(INTER + "Inter-roman.var.ttf", "Inter.ttf", LATIN, INTER_FEATURES)
subset(INTER + "InterDisplay-roman.var.ttf", "InterDisplay.ttf", FIGURES, INTER_FEATURES)
subset(NOTO + "NotoSans-Regular.ttf", "NotoSans.ttf", LATIN)
for script in ("Arabic", "Hebrew", "Devanagari", "Thai"):
    for weight in ("Regular", "Bold"):
        subset(NOTO + f"NotoSans{script}-{weight}.ttf", f"NotoSans{script}-{weight}.ttf", "*")
for script in "Bengali Tamil Telugu Gujarati Gurmukhi Georgian Armenian Ethiopic".split():
    subset(NOTO + f"NotoSans{script}-Regular.ttf", f"NotoSans{script}.ttf", "*")
subset(NOTO + "NotoSansMath-Regular.ttf", "NotoSansMath.ttf", "U+1D400-1D7FF,U+2100-214F", "")
subset(
    NOTO + "NotoSansSymbols-Regular.ttf",
    "NotoSansSymbols.ttf",
    "U+20D0-20F0,U+2190-21FF,U+2300-23FF,U+2460-24FF,U+2600-26FF,U+2700-27BF,U+1F100-1F1E5",
)
subset(
    NOTO + "NotoSansSymbols2-Regular.ttf",
    "NotoSansSymbols2.ttf",
    "U+2300-23FF,U+2500-25FF,U+2600-26FF,U+2700-27BF,U+2800-28FF,U+2B00-2BFF",
)
subset(
    CJK,
    "NotoSansCJK.otf",
    "--unicodes=" + ",".join(f"U+{code:04X}" for code in cjk_characters()),
    "ccmp,kern,palt,halt,ljmo,vjmo,tjmo",
    ("--font-number=0", "--drop-tables+=BASE,vhea,vmtx,VORG"),
)
shutil.copy(NOTO + "NotoColorEmoji.ttf", "NotoColorEmoji.ttf")
