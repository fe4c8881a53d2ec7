"""How plausible a text is as a name that people give to files and folders, in the alphabet of its code page.

What tells code pages apart: a wrong one makes signs and frames of letters, mixes alphabets within a word, puts
capitals behind small letters, and of Chinese, Japanese and Korean it makes characters that hardly anybody uses.
"""

import re
import unicodedata
from itertools import pairwise

# Characters of people's and folders' names; those of one language are rarely another's by mistake.
_COMMON = {
    "gbk": "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文伟芳娜敏静丽强磊军洋勇艳杰涛明超秀英华慧巧美玉建国平志红玲飞鹏宇浩天思小晓雨子欣佳婷雪梅"
    "兰春生海波东新学大作业第一二三四五六七八九十联通诸葛司欧阳练习题提交件夹副本答案课实验报告数据损"
    "失函我的最终版桌面下载项目代码机器标签人工智能组班级号姓名",
    "big5": "王李張劉陳楊趙黃周吳徐孫胡朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蔣蔡賈丁魏薛"
    "葉閻余潘杜戴夏鍾汪田任姜范方石姚譚廖鄒熊金陸郝孔白崔康毛邱秦江史顧侯邵孟龍萬段雷錢湯尹黎易常武喬"
    "賀賴龔文偉芳娜敏靜麗強磊軍洋勇豔傑濤明超秀英華慧巧美玉建國平志紅玲飛鵬宇浩天思小曉雨子欣佳婷雪梅"
    "蘭春生海波東新學大作業第一二三四五六七八九十週練習題提交件夾副本答案課實驗報告數據損失函我的最終"
    "版桌面下載項目代碼機器標籤人工智組班級號姓名功怡君雅淑惠",
    "cp932": "佐藤鈴木高橋田中伊渡辺山本村小林加吉松井清斎口森池阿部石前後岡長川谷近坂遠青西福太三金原和島崎宮"
    "野内上竹柴酒能登勢菅大平河安今増丸千葉岩久保工桜新古水丹羽浅市関服杉向沢荒星豊横尾倉矢花美子一郎"
    "介人真由紀恵香直樹也翔健拓哉裕明奈優愛陽菜結衣葵誠隆宏幸男雄浩修正敏雅之課題提出第回演習宿表紙学"
    "解答最終版予定練損失数機械資料室組番名画像実験",
    "cp949": "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지수현영미은경"
    "준호석희연원철상태승재동훈선혜아예채나라다빈율시도린가람소솔별해찬빛과제물숙출답폴더사본복실습보"
    "학번름종일월목딥러닝모델함련새파반팀자료데터인공능기계의를을는",
}
_COMMON["cp950"] = _COMMON["big5"]
_COMMON["gb18030"] = _COMMON["gbk"]
# Of the two-byte code pages: the first bytes of the common characters, and the least second byte of the standard's.
_LEVELS = {
    "gbk": ((0xB0, 0xD7), 0xA1),
    "gb18030": ((0xB0, 0xD7), 0xA1),
    "big5": ((0xA4, 0xC6), 0x40),
    "cp950": ((0xA4, 0xC6), 0x40),
    "cp932": ((0x88, 0x98), 0x40),
    "cp949": ((0xB0, 0xC8), 0xA1),
}
_SCRIPTS = {"cp866": "CYRILLIC", "cp1251": "CYRILLIC", "koi8_r": "CYRILLIC", "cp737": "GREEK", "cp1253": "GREEK"}
_SCRIPTS |= {"cp1256": "ARABIC", "cp720": "ARABIC", "cp1255": "HEBREW", "cp862": "HEBREW"}
_SCRIPTS |= dict.fromkeys(("cp1252", "cp850", "cp1250", "cp852", "cp1254", "cp857", "mac_roman", "cp437"), "LATIN")
# Of the alphabets that single-byte code pages hold: the frequent letters, the usual ones, and the vowels.
_FREQUENT = {
    "CYRILLIC": "оеаинтсрвлкмдпуя",
    "GREEK": "αοιετσνηυρπκμλςωάόίέήώ",
    "ARABIC": "البمنويرعحدتسهةف",
    "HEBREW": "יוהלאתבמרשנדכןם",
}
_USUAL = {
    "CYRILLIC": _FREQUENT["CYRILLIC"] + "ыьгзбчйхжшюцщэфъёіїє",
    "GREEK": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ",
}
_VOWELS = {"CYRILLIC": "аеёиоуыэюяіїє", "GREEK": "αειοηυωάέίόήύώ"}
_NEVER_FIRST = "ыьъς"
# The letters that a language adds to the Latin ones: a word has those of one language.
_LANGUAGES = (
    *("äöüßéè", "éèêëàâçîïôùûœ", "áéíóúñü", "æøåéö", "ãõáéíóúâêôçà", "àèéìòù", "áéíóúýæöð", "ëïéèö"),
    *("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "çğıöşüâ", "čćđšž", "ăâîșțşţ", "äõöüšž"),
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc][^\W\d_]+)*")
# Signs that people use: dashes, quotation marks, and those of Chinese, Japanese and Korean.
_SIGNS = re.compile("[\u2013\u2014\u2019\u00ab\u00bb\u2116\u3000-\u3011\u30fb\u30fc\uff01-\uff1f\uff3b\uff3d\uff5e]")
_BAD, _ODD = -6.0, -1.5


def plausibility(text: str, page: str, raw: bytes) -> float:
    """Return how plausible a text is: the higher, the more.

    Args:
        text: the name; page: the code page that made it of raw, its bytes.
    """
    if page == "utf-8":  # nothing else comes out as UTF-8 so easily
        return 2.0 * sum(char.isalpha() and not char.isascii() for char in text) + _signs(text)
    score = _signs(text)
    if page in _LEVELS:
        return score + _of_two_bytes(text, page)
    return score + sum(_of_a_word(word, _SCRIPTS[page]) for word in _WORD.findall(text))


def _signs(text: str) -> float:
    score = -3.0 * len(re.findall(r"[^\x00-\x7f]\\", text))  # more often the second byte of a character
    for char in text:
        if not char.isascii() and not char.isalpha():
            kind = unicodedata.category(char)
            usual = _SIGNS.match(char)
            score += 0 if usual else _ODD if kind[0] == "M" or kind == "Nd" else _BAD
    return score


def _of_two_bytes(text: str, page: str) -> float:
    (first, last), second = _LEVELS[page]
    score = 0.0
    for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if char.isascii() or not char.isalpha():
            continue
        code, name = char.encode(page), unicodedata.name(char, "")
        if any(
            beside.isascii() and beside.isalpha() for beside in (before, after)
        ):  # as in a word with one letter that has an accent
            score += _ODD if code[-1] >= 0x80 else _BAD
        if len(code) == 4 or (page == "cp932" and len(code) == 1):  # of a rare kind; half a character wide
            score += _BAD / 3
        elif char in _COMMON[page]:
            score += 5
        elif name.startswith(("HIRAGANA", "KATAKANA", "FULLWIDTH")):
            score += 3 if page == "cp932" else _ODD
        elif name.startswith("HANGUL") and page == "cp949":
            score += 1.5 if code[1] >= second else _BAD / 2
        elif not name.startswith("CJK"):
            score += _BAD / 2  # such as Cyrillic, which all of them have
        elif first <= code[0] <= last and code[1] >= second and page != "cp949":
            score += 2
        else:
            score += _ODD
    return score


def _of_a_word(word: str, script: str) -> float:
    strange = [char for char in word.casefold() if not char.isascii()]
    if "ß" in word:  # which folding the case makes plain
        strange.append("ß")
    if not strange:
        return 0.0
    pairs = pairwise(word)
    score = _BAD / 2 * sum(after.isupper() and before.islower() for before, after in pairs)
    if any(not unicodedata.name(char, "").startswith(script) for char in strange) or "ª" in word or "º" in word:
        return score + _BAD * len(strange)
    if script == "LATIN":
        if any(set(strange) <= set(language) for language in _LANGUAGES):
            return score + 1.5 * len(strange) + (_ODD if len(strange) == len(word) > 1 else 0)
        # Of a word in Latin letters most are plain; in one with none, the letters are another alphabet's.
        return score + _ODD * len(strange) + (_BAD * len(strange) if len(strange) == len(word) > 1 else 0)
    if len(strange) < len(word):
        score += _BAD / 2 * len(strange)
    usual = _USUAL.get(script)
    for char in strange:
        frequent = char in _FREQUENT[script]
        score += 1.5 if frequent else _ODD if usual and char not in usual else 0.75
    if strange[0] in _NEVER_FIRST or "ς" in strange[:-1]:
        score += _BAD / 2
    if vowels := _VOWELS.get(script):
        part = sum(char in vowels for char in strange) / len(strange)
        score += (1.0 if 0.25 <= part <= 0.75 else _ODD) * (len(strange) > 2)
    return score
