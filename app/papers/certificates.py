"""The certificate (捐赠证书、荣誉证书): one A4 sheet lying, a double frame, the words the office is used to.

A township gives no donation invoice (公益事业捐赠统一票据): by article 11 of the law on donations for public welfare it
is as a rule no recipient of donations. The certificate says thanks and nothing about tax.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.models.certificates import DONATION, Certificate
from app.models.money import capital_money, show_money
from app.models.progress import Progress, unwatched
from app.papers.page import A4_LANDSCAPE, Document, document
from app.work.office import demo_mark

_DIGITS = "〇一二三四五六七八九"


def certificate(key: int, path: Path, progress: Progress = unwatched, *, whole: bool = True) -> str:
    """Draw one certificate."""
    given = Certificate.by_key(key)
    title = Certificate.facts()["kind"].show(given.kind)
    with document(path, A4_LANDSCAPE, f"{title} {given.number}", footer="none", mark=demo_mark()) as paper:
        progress(0, 1, "正在绘制")
        _frame(paper)
        _words(paper, title, given)
    return f"{title} {given.number}（{given.honoured}）已生成 {path.name}。"


def _frame(paper: Document) -> None:
    width, height = A4_LANDSCAPE.width, A4_LANDSCAPE.height
    for inset, weight in ((10.0, 2.4), (13.0, 0.6)):
        paper.frame(inset, inset, width - 2 * inset, height - 2 * inset, weight=weight, grey=0.25)
    for x in (17.0, width - 17.0):
        for y in (17.0, height - 17.0):
            paper.line(x - 2.5, y, x + 2.5, y, weight=0.8)
            paper.line(x, y - 2.5, x, y + 2.5, weight=0.8)


def _words(paper: Document, title: str, given: Certificate) -> None:
    middle, left, room = A4_LANDSCAPE.width / 2, 38.0, A4_LANDSCAPE.width - 76
    paper.text(middle, 46, "　".join(title), "serif-bold", 40, "center")
    paper.text(A4_LANDSCAPE.width - left, 60, f"编号：{given.number}", "serif", 12, "right")
    paper.text(left, 80, f"{given.honoured}：", "serif-bold", 20)
    paper.paragraph(left, 94, room, "　　" + _thanks(given), "serif", 18)
    paper.text(left, 146, "　　特颁此证，以致谢忱。", "serif", 18)
    right = A4_LANDSCAPE.width - left
    paper.text(right, 164, given.issuer, "serif", 17, "right")
    paper.text(right, 176, chinese_date(given.day), "serif", 17, "right")


def _thanks(given: Certificate) -> str:
    day = f"{given.day.year}年{given.day.month}月{given.day.day}日"
    if given.kind != DONATION:
        return f"因{given.purpose}，成绩突出，授予此项荣誉。"
    gifts = []
    if given.cash:
        gifts.append(f"{capital_money(given.cash)}（￥{show_money(given.cash)}）")
    if given.goods:
        gifts.append(given.goods)
    use = f"，用于{given.purpose}" if given.purpose else ""
    return f"承蒙于{day}捐赠{'、'.join(gifts)}{use}。此举为困难群众送去温暖，谨表衷心感谢。"


def chinese_date(day: date) -> str:
    """A date in Chinese numerals, as certificates write it: 二〇二六年十一月二十一日."""
    year = "".join(_DIGITS[int(sign)] for sign in f"{day.year:04}")
    return f"{year}年{_number(day.month)}月{_number(day.day)}日"


def _number(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones or not tens else "")
