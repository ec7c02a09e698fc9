"""Write the messy sample of the tour: resources/demo/sample.xlsx, and sample.json that names every fault planted in it.

    python packaging/make_sample.py

A roster of a township as its villages send it, written cell by cell with openpyxl and not by our own export. The people
are invented, their ID numbers begin with the address code 990001, which does not exist. `kind`
numbers the kinds of mess that real lists have (below, `KINDS`); `must` says what has to come of a cell:

    refused     the row is refused, with this cell and these words
    left_out    the row goes in without this cell, which is told with these words
    doubt       the row goes in as it is, and the cell is told with these words
    decide      the row waits for an answer, and is told with these words
    skipped     the row is no person: it is passed over and told with these words
    told        the sheet or column is not read, or read in a special way, and that is told with these words
    understood  nothing has to be told: the fact has this value
    nothing     nothing is there: no row comes of it
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

OUT = Path(__file__).resolve().parents[1] / "resources" / "demo"
WEIGHTS, SIGNS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"

KINDS = {
    1: "号码存成了数字", 2: "号码前的撇号", 3: "号码的全角、空格、x", 4: "旧证、少位、两证一格",
    5: "证号列里的别的东西", 6: "与身份证不一致", 7: "电话", 8: "姓名", 9: "日期", 10: "公式和错误值",
    11: "标题行、多层表头", 12: "重复的表头、列名写法", 13: "户主合并格、只写一次", 14: "横排、一格多人",
    15: "多张表、隐藏、汇总", 16: "旁边的对照表", 17: "合计、注、签名", 18: "有格式的空行",
    19: "当空、当真、当假的符号", 20: "序号断号重复", 22: "回车代码、底色、删除线、批注", 23: "多份名单打架",
    24: "同一人写了两次", 25: "领款人、共用账号", 26: "已故仍在册", 27: "村组改名、写法、没有登记",
    28: "同义词", 29: "与户主关系", 30: "算好的年龄", 31: "备注里的事实", 32: "户口簿号、户号",
}  # fmt: skip

Cell = Any
Person = dict[str, Cell]


def id_number(born: date, sex: str, serial: int) -> str:
    """A number with a right check digit; odd serial for men."""
    first = f"990001{born:%Y%m%d}{serial * 2 + (sex == '男'):03}"
    return first + SIGNS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS, strict=True)) % 11]


# --- people -----------------------------------------------------------------------------------------------------------


class People:
    """Invented families, always the same."""

    def __init__(self) -> None:
        self.chance = random.Random(32)
        self.serial = 0
        self.names: set[str] = set()

    def family(self, number: str, group: str) -> list[Person]:
        """A household of two to five: a couple, their children, perhaps a mother."""
        surname = self.chance.choice("李张王杨赵罗施陈刘周自鲁毕字")
        born = date(1938, 1, 1) + timedelta(days=self.chance.randrange(11_500))
        members = [self.person(surname, "男", born, "户主")]
        members.append(self.person(self.chance.choice("李张王杨赵罗"), "女", born + timedelta(days=600), "妻"))
        for place in range(self.chance.choice((0, 1, 1, 2))):
            sex = self.chance.choice("男女")
            relation = ("长子", "次子")[place] if sex == "男" else ("长女", "次女")[place]
            members.append(self.person(surname, sex, born + timedelta(days=8400 + 900 * place), relation))
        if self.chance.random() < 0.4:
            members.append(self.person("字", "女", born - timedelta(days=7700), "母亲"))
        for person in members:
            person |= {"group": group, "number": number, "head": members[0]["name"]}
        return members

    def person(self, surname: str, sex: str, born: date, relation: str) -> Person:
        self.serial += 1
        given = "秀桂玉兰凤金素翠菊淑月美" if sex == "女" else "国文正光世绍学开发家朝德永福"
        name = surname + self.chance.choice(given) + self.chance.choice("英珍芬仙华明德昌贵荣顺祥林春")
        while name in self.names:
            name = surname + self.chance.choice(given) + self.chance.choice("芝清芹琼忠义科安平朝会存")
        self.names.add(name)
        age = 2026 - born.year
        return {
            "name": name, "relation": relation, "sex": sex, "id": id_number(born, sex, self.serial), "born": born,
            "birth": f"{born:%Y-%m-%d}", "age": age - 1, "nation": self.chance.choice(("汉族", "彝族", "汉族", "回族")),
            "school": self.chance.choice(("小学", "初中", "高中")), "wed": "未婚" if age < 24 else "已婚",
            "health": "健康", "away": None, "place": None, "since": None,
            "phone": f"138{72400000 + self.serial * 37:08}",
            "bank": "农村信用社", "account": f"6217990000{self.serial:09}", "payee": None, "note": None,
        }  # fmt: skip


# --- what is planted in single cells ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plant:
    """A fault of one cell. `cell` and `value` may depend on the person; `fact` is the path that must have the value."""

    kind: int
    column: str
    what: str
    cell: Cell | Callable[[Person], Cell]
    must: str
    says: str = ""
    fact: str = ""
    value: str | Callable[[Person], str] = ""
    also: tuple[tuple[str, Cell], ...] = ()
    head: bool = False  # to be planted in a head of household


def _id(person: Person) -> str:
    return str(person["id"])


def _name(person: Person) -> str:
    return str(person["name"])


def _born(person: Person) -> str:
    return f"{person['born']:%Y-%m-%d}"


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in text)


def _with_x(person: Person) -> str:
    """The same person's number, with a serial that makes the check digit X."""
    return next(
        number for serial in range(300, 400) if (number := id_number(person["born"], person["sex"], serial))[17] == "X"
    )


PLANTS = (
    Plant(1, "id", "身份证号被存成数字", lambda p: float(_id(p)[:17] + "0"), "refused", "末几位已丢失"),
    Plant(1, "id", "身份证号成了科学计数文字", "9.90001E+17", "refused", "末几位已丢失"),
    Plant(1, "account", "银行卡号被存成数字", 6.217990000000012e18, "left_out", "末几位已丢失"),
    Plant(29, "relation", "一户两个户主", "户主", "refused", "一户只能有一名户主"),
    Plant(2, "id", "前面有撇号", lambda p: "'" + _id(p), "understood", fact="id_number", value=_id),
    Plant(2, "id", "前面有反引号", lambda p: "`" + _id(p), "understood", fact="id_number", value=_id),
    Plant(3, "id", "小写 x", lambda p: _with_x(p).lower(), "understood", fact="id_number", value=_with_x),
    Plant(3, "id", "全角数字", lambda p: _wide(_id(p)), "understood", fact="id_number", value=_id),
    Plant(3, "id", "中间有空格", lambda p: f"{_id(p)[:6]} {_id(p)[6:14]} {_id(p)[14:]}", "understood", fact="id_number",
          value=_id),
    Plant(3, "id", "末尾有换行和不断行空格", lambda p: _id(p) + "\u00a0\n", "understood", fact="id_number", value=_id),
    Plant(3, "id", "用横线分段", lambda p: f"{_id(p)[:6]}-{_id(p)[6:14]}-{_id(p)[14:]}", "understood", fact="id_number",
          value=_id),
    Plant(3, "id", "用乘号代替 X", lambda p: _with_x(p)[:17] + "×", "understood", fact="id_number", value=_with_x),
    Plant(4, "id", "15 位旧证", lambda p: _id(p)[:6] + _id(p)[8:17], "refused", "15 位的旧身份证号"),
    Plant(4, "id", "少一位", lambda p: _id(p)[:17], "refused", "少了 1 位"),
    Plant(4, "id", "多一位", lambda p: _id(p) + "0", "refused", "多了 1 位"),
    Plant(4, "id", "一格两个号码", lambda p: f"{_id(p)}/{_id(p)[:16]}{_id(p)[16:]}", "refused", "一格里有两个身份证号"),
    Plant(4, "id", "末位校验不符", lambda p: _id(p)[:17] + ("1" if _id(p)[17] != "1" else "2"), "refused", "校验不符"),
    Plant(5, "id", "填了残疾证号", lambda p: _id(p) + "43", "refused", "残疾人证号"),
    Plant(5, "id", "填了学籍号", lambda p: "G" + _id(p), "refused", "学籍号"),
    Plant(5, "id", "写着待补", "待补", "understood", fact="no_id_reason", value="身份待核实"),
    Plant(5, "id", "写着同上", "同上", "refused", "请换成实际内容"),
    Plant(6, "sex", "性别与身份证不一致", lambda p: "男" if p["sex"] == "女" else "女", "doubt", "身份证号第 17 位"),
    Plant(6, "birth", "生日与身份证不一致", lambda p: f"{p['born'] + timedelta(days=40):%Y-%m-%d}", "doubt",
          "与身份证号里的"),
    Plant(7, "phone", "电话读成小数", 13872455555.0, "understood", fact="telephone", value="13872455555"),
    Plant(7, "phone", "一格两个电话", "13872466601、13872466602", "left_out", "一格里有几个电话"),
    Plant(7, "phone", "同户主", "同户主", "left_out", "请换成实际"),
    Plant(7, "phone", "号码分段", "138 7246 6604", "understood", fact="telephone", value="13872466604"),
    Plant(7, "phone", "固定电话没有区号", "81087858", "left_out", "没有区号"),
    Plant(8, "name", "两字名中间有空格", lambda p: f"{_name(p)[0]}  {_name(p)[1:]}", "understood", fact="name",
          value=_name),
    Plant(8, "name", "两字名中间有全角空格", lambda p: f"{_name(p)[0]}\u3000{_name(p)[1:]}", "understood", fact="name",
          value=_name),
    Plant(8, "name", "姓名里写着已故", lambda p: f"{_name(p)}（已故）", "refused", "人员状态"),
    Plant(8, "name", "姓名里写着户主", lambda p: f"{_name(p)}(户主)", "understood", fact="name", value=_name,
          head=True),
    Plant(8, "name", "少数民族姓名的点", "阿依古丽•买买提", "understood", fact="name", value="阿依古丽·买买提",
          also=(("nation", "维吾尔"),)),
    Plant(8, "name", "字没有显示出来", "李□芬", "refused", "没显示出来的字"),
    Plant(8, "name", "前面有星号", lambda p: "*" + _name(p), "understood", fact="name", value=_name),
    Plant(8, "name", "生僻字", "张\U00020bb7祥", "understood", fact="name", value="张\U00020bb7祥"),
    Plant(9, "birth", "点分日期", lambda p: f"{p['born'].year}.{p['born'].month}.{p['born'].day}", "understood",
          fact="birth", value=_born),
    Plant(9, "birth", "只写到年月", lambda p: f"{p['born'].year}年{p['born'].month}月", "understood", fact="birth",
          value=_born),
    Plant(9, "birth", "八位数字", lambda p: int(f"{p['born']:%Y%m%d}"), "understood", fact="birth", value=_born),
    Plant(9, "birth", "真日期", lambda p: datetime(p["born"].year, p["born"].month, p["born"].day), "understood",
          fact="birth", value=_born),
    Plant(9, "birth", "日期序号", lambda p: (p["born"] - date(1899, 12, 30)).days, "understood", fact="birth",
          value=_born),
    Plant(9, "birth", "两位年份", "63.5.12", "left_out", "年份只有两位"),
    Plant(9, "birth", "写成年龄", "78岁", "left_out", "是年龄"),
    Plant(9, "birth", "民国纪年", "民国35年", "left_out", "民国纪年"),
    Plant(9, "birth", "没有这一天", "1963-02-30", "left_out", "这一天不存在"),
    Plant(9, "since", "写着至今", "至今", "left_out", "不是日期", also=(("away", "是"), ("place", "昆明市"))),
    Plant(9, "since", "2023.10 存成了 2023.1", 2023.1, "left_out", "1 月还是 10 月",
          also=(("away", "是"), ("place", "大理市"))),
    Plant(10, "phone", "公式错误", "#N/A", "left_out", "公式错误"),
    Plant(10, "note", "公式没有算出结果", "=K5&L5", "left_out", "公式"),
    Plant(14, "name", "一格两个姓名", lambda p: f"{_name(p)}、杨小花", "refused", "一格只写一个人"),
    Plant(19, "phone", "横线当空", "——", "understood", fact="telephone", value=""),
    Plant(19, "wed", "写着无", "无", "understood", fact="marriage", value=""),
    Plant(19, "away", "打勾", "√", "understood", fact="away", value="是", also=(("place", "广东省东莞市"),)),
    Plant(19, "away", "打叉", "×", "understood", fact="away", value="否"),
    Plant(22, "note", "单元格里有回车代码", "住院_x000D_\n已出院", "understood", fact="note", value="住院\n已出院"),
    Plant(25, "payee", "领款人是别人", "杨代领", "understood", fact="payee", value="杨代领"),
    Plant(26, "note", "备注写着户主已去世", "2024.3去世，户主未变更", "doubt", "死亡登记", head=True),
    Plant(28, "wed", "同义词：有配偶", "有配偶", "understood", fact="marriage", value="已婚"),
    Plant(28, "wed", "同义词：初婚", "初婚", "understood", fact="marriage", value="初婚"),
    Plant(28, "school", "同义词：不识字", "不识字", "understood", fact="education", value="文盲或半文盲"),
    Plant(28, "school", "同义词：小学教育", "小学教育", "understood", fact="education", value="小学"),
    Plant(28, "nation", "同义词：彝", "彝", "understood", fact="ethnicity", value="彝族"),
    Plant(28, "relation", "户 主", "户 主", "understood", fact="relation", value="户主", head=True),
    Plant(28, "health", "认不得的健康状况", "带病生存", "left_out", "不是认得的"),
    Plant(29, "relation", "之子", "之子", "understood", fact="relation", value="子"),
    Plant(29, "relation", "孙媳妇", "孙媳妇", "understood", fact="relation", value="孙媳妇或外孙媳妇"),
    Plant(29, "relation", "侄子", "侄 子", "understood", fact="relation", value="侄子"),
    Plant(29, "relation", "认不得的关系", "户主的亲家", "refused", "不是认得的"),
    Plant(31, "note", "备注写着去世", "2024.3去世", "doubt", "死亡登记"),
    Plant(31, "note", "备注写着转特困", "已转特困", "doubt", "对象类别变动"),
    Plant(31, "note", "备注写着外出", "外出广东打工", "understood", fact="note", value="外出广东打工"),
    Plant(31, "note", "像公式的备注", "-2026年起单过", "understood", fact="note", value="-2026年起单过"),
    Plant(32, "id", "填了户口簿号", "户口簿 05328814", "refused", "不该有的字"),
)


# --- sheets -----------------------------------------------------------------------------------------------------------

THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
COLUMNS = {
    "serial": "序号", "group": "村民组", "number": "户号", "head": "户主姓名", "name": "姓　名",
    "relation": "与户主\n关系", "sex": "性别*", "id": "公民身份证号码", "birth": "出生年月", "age": "年龄",
    "nation": "民族", "school": "文化程度", "wed": "婚姻状况", "health": "身体状况", "away": "是否外出",
    "place": "务工地点", "since": "外出时间", "phone": "联系方式", "bank": "开户银行", "account": "银行帐号",
    "payee": "户名", "note": "备 注",
}  # fmt: skip
CAPTIONS = {**COLUMNS, "village": "村（社区）"}
OVER = {"away": ("务工情况", 3), "bank": ("一卡通（惠农）信息", 3)}


class Roster:
    """One sheet being written, and what is planted in it."""

    def __init__(self, book: Any, title: str, columns: tuple[str, ...] = tuple(COLUMNS)) -> None:
        self.sheet: Worksheet = book[title] if title in book.sheetnames else book.create_sheet(title)
        self.columns, self.faults = columns, list[dict[str, Any]]()
        self.row = self.serial = self.persons = 0

    @property
    def name(self) -> str:
        return str(self.sheet.title)

    def at(self, column: str) -> str:
        return f"{get_column_letter(self.columns.index(column) + 1)}{self.row}"

    def line(self, text: str, *, merged: bool = True) -> None:
        """A row with one text over the whole width."""
        self.row += 1
        self.sheet.cell(self.row, 1, text).alignment = Alignment(horizontal="center")
        if merged:
            self.sheet.merge_cells(start_row=self.row, start_column=1, end_row=self.row, end_column=len(self.columns))

    def heading(self) -> None:
        """Two rows, merged upwards and sideways."""
        top = self.row + 1
        covered: set[int] = set()
        for place, column in enumerate(self.columns, 1):
            if column in OVER:
                text, width = OVER[column]
                self.sheet.cell(top, place, text)
                self.sheet.merge_cells(start_row=top, start_column=place, end_row=top, end_column=place + width - 1)
                covered |= set(range(place, place + width))
            if place in covered:
                self.sheet.cell(top + 1, place, CAPTIONS[column])
            else:
                self.sheet.cell(top, place, CAPTIONS[column])
                self.sheet.merge_cells(start_row=top, start_column=place, end_row=top + 1, end_column=place)
        self.row = top + 1

    def plain_heading(self) -> None:
        self.row += 1
        for place, column in enumerate(self.columns, 1):
            self.sheet.cell(self.row, place, CAPTIONS[column]).font = Font(bold=True)

    def person(self, person: Person, without: tuple[str, ...] = ()) -> None:
        self.row, self.serial, self.persons = self.row + 1, self.serial + 1, self.persons + 1
        for place, column in enumerate(self.columns, 1):
            value = self.serial if column == "serial" else person.get(column)
            cell = self.sheet.cell(self.row, place)
            cell.border = BOX
            if column not in without and value is not None:
                cell.value = value
                if isinstance(value, str) and not value.startswith("=K"):
                    cell.data_type = "s"  # what looks like a formula was typed as text

    def set(self, column: str, value: Cell) -> None:
        cell = self.sheet[self.at(column)]
        cell.value = value
        if isinstance(value, str) and value.startswith(("-", "+", "@")):
            cell.data_type = "s"

    def plant(
        self, kind: int, column: str, what: str, must: str, says: str = "", fact: str = "", value: Cell = ""
    ) -> None:
        """Note that the row just written has this fault in this column."""
        fault = {"kind": kind, "sheet": self.name, "cell": self.at(column), "what": what, "must": must}
        self.faults.append(fault | ({"fact": fact, "value": value} if must == "understood" else {"says": says}))

    def family(self, members: list[Person], way: str, plants: Iterator[Plant]) -> None:
        """A household: `merged`, named on its `first` line only, or on `every` line; then one fault for each member."""
        top = self.row + 1
        for place, person in enumerate(members):
            planted = next(plants, None) if place else None
            for column, value in planted.also if planted else ():
                person[column] = value
            blank = ("number", "head", "group") if place and way != "every" else ()
            self.person(person, blank)
            if planted:
                self.put(planted, person)
        if way == "merged" and len(members) > 1:
            for column in ("group", "number", "head"):
                place = self.columns.index(column) + 1
                self.sheet.merge_cells(start_row=top, start_column=place, end_row=self.row, end_column=place)

    def put(self, plant: Plant, person: Person) -> None:
        self.set(plant.column, plant.cell(person) if callable(plant.cell) else plant.cell)
        value = plant.value(person) if callable(plant.value) else plant.value
        self.plant(plant.kind, plant.column, plant.what, plant.must, plant.says, plant.fact, value)


def main() -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    people = People()
    members_faults = iter([plant for plant in PLANTS if not plant.head])
    heads = {plant.what: plant for plant in PLANTS if plant.head}
    rosters = [
        *explanation(book),
        niujie(book, people, members_faults, heads),
        baoyi(book, people, members_faults, heads),
        ronghua(book, people, members_faults),
        langbi(book, people, members_faults),
        late(book, people),
        *others(book),
    ]
    left = [plant.what for plant in members_faults]
    assert not left, f"no room for {left}"
    book.save(OUT / "sample.xlsx")
    faults = [fault for roster in rosters for fault in roster.faults]
    told = {
        "township": ["弥渡县", "牛街乡"],
        "villages": ["牛街村", "保邑村", "荣华村", "朗碧村"],
        "groups": ["一组", "二组", "三组", "四组"],
        "renamed": {"朗碧村": "康朗村"},
        "faults": faults,
    }
    lines = ",\n".join("  " + json.dumps(fault, ensure_ascii=False) for fault in faults)
    head = json.dumps({**told, "faults": []}, ensure_ascii=False).removesuffix("[]}")
    (OUT / "sample.json").write_text(f"{head}[\n{lines}\n]}}\n", "utf-8")
    kinds = sorted({fault["kind"] for fault in faults})
    assert kinds == sorted(KINDS), set(KINDS) ^ set(kinds)
    print(f"{sum(roster.persons for roster in rosters)} persons, {len(faults)} faults of {len(kinds)} kinds: {kinds}")


def explanation(book: Any) -> list[Roster]:
    sheet = Roster(book, "填表说明", ("note",))
    lines = "填表说明", "一、每村一张表，表名写村名。", "二、身份证号请设为文本格式。", "三、9月30日前报乡民政办。"
    for line in lines:
        sheet.line(line, merged=False)
    sheet.row = 1
    sheet.plant(15, "note", "填表说明不是名单", "told", "没有找到标题行")
    return [sheet]


def niujie(book: Any, people: People, plants: Iterator[Plant], heads: dict[str, Plant]) -> Roster:
    """Households merged; two rows of heading; coloured and struck-out rows; totals at the end."""
    sheet = Roster(book, "牛街村")
    sheet.line("牛街乡牛街村农户及人口花名册（2026年9月）")
    sheet.line("填报单位（盖章）：牛街村委会　　　填报日期：2026年9月25日　　　单位：户、人")
    sheet.heading()
    ways = ("一组", "1组", "第三村民组", "三社", "3组", "二组", "三组", "三组")
    for number in range(1, 22):
        group = ways[number % len(ways)]
        members = people.family(str(number), group)
        top = sheet.row + 1
        sheet.family(members, "merged", plants)
        last, sheet.row = sheet.row, top
        if number < 6:
            shown = {"1组": "一组", "三社": "三组", "3组": "三组", "第三村民组": "三组"}.get(group, group)
            sheet.plant(27, "group", f"组名写成“{group}”", "understood", fact="household.group", value=shown)
        if number in (7, 8):
            plant = heads["姓名里写着户主" if number == 7 else "户 主"]
            sheet.put(plant, members[0])
        if number == 9:
            sheet.set("group", "五组")
            sheet.plant(27, "group", "组还没有登记", "told", "将新建村民小组：牛街村 五组")
        sheet.row = last
        if number == 3:
            sheet.plant(13, "head", "户主写在合并格里", "understood", fact="household.number", value="3")
            for cell in sheet.sheet[sheet.row]:
                cell.fill = PatternFill("solid", fgColor="FFFF9999")
            sheet.plant(22, "name", "整行涂红", "understood", fact="name", value=str(members[-1]["name"]))
        if number == 4:
            for cell in sheet.sheet[sheet.row]:
                cell.font = Font(strike=True)
            sheet.sheet[sheet.at("name")].comment = Comment("已停保", "村文书")
            sheet.plant(22, "name", "整行加了删除线和批注", "understood", fact="name", value=str(members[-1]["name"]))
        if number == 5:
            last_one = members[-1]
            sheet.plant(11, "place", "两层合并标题", "understood", fact="away_place", value=last_one["place"] or "")
            sheet.plant(12, "account", "列名写作“帐号”", "understood", fact="account", value=last_one["account"])
        if number == 10:
            sheet.serial = 3  # numbering begins again
            sheet.plant(20, "serial", "序号重复、断号", "understood", fact="name", value=str(members[-1]["name"]))
    sheet.row += 1
    for column, text in (("serial", "合计"), ("number", 21), ("name", sheet.serial)):
        sheet.set(column, text)
    sheet.plant(17, "serial", "合计行", "skipped", "合计行")
    sheet.line("注：1.年龄按周岁填写；2.外出时间填最近一次外出的年月。")
    sheet.plant(17, "serial", "注", "skipped", "说明或签名行")
    sheet.line("制表人：李　　　审核人：　　　负责人：")
    sheet.plant(17, "serial", "签名行", "skipped", "说明或签名行")
    for row in range(sheet.row + 1, sheet.row + 600):  # a format drawn far down
        sheet.sheet.cell(row, 22).border = BOX
    sheet.row += 300
    sheet.plant(18, "note", "有格式的空行", "nothing")
    sheet.row = 5
    sheet.plant(30, "age", "年龄是旧年算的数", "told", "年龄")
    return sheet


def baoyi(book: Any, people: People, plants: Iterator[Plant], heads: dict[str, Plant]) -> Roster:
    """Households named on their first line only; heading repeated on every printed page; subtotals by group."""
    sheet = Roster(book, "保邑村")
    sheet.line("保邑村农户花名册")
    sheet.line("填报单位：保邑村委会    填报日期：", merged=False)
    sheet.plain_heading()
    for number in range(1, 19):
        members = people.family(str(number), "一组" if number < 10 else "二组")
        top = sheet.row + 1
        sheet.family(members, "first", plants)
        last, sheet.row = sheet.row, top
        if number == 4:
            sheet.put(heads["备注写着户主已去世"], members[0])
        sheet.row = last
        if number == 2:
            sheet.plant(13, "head", "户主只写在第一行", "understood", fact="household.number", value="2")
            sheet.plant(32, "number", "户号只在本村唯一", "understood", fact="household.village", value="保邑村")
        if number == 6:
            stray = people.person("毕", "女", date(1999, 4, 3), "")
            sheet.person(stray | {"relation": None}, ("number", "head", "group"))
            sheet.plant(13, "name", "没有户主也没有关系的一行", "decide", "是否属于上面一户")
        if number == 8:
            second = people.person("字", "男", date(1980, 2, 11), "户主")
            sheet.person(second, ("number", "head", "group"))
            sheet.plant(29, "relation", "没有户号又写着户主", "decide", "是新的一户吗")
        if number == 9:
            sheet.row += 1
            sheet.set("name", "一组小计")
            sheet.set("age", 31)
            sheet.set("serial", "小计")
            sheet.plant(17, "serial", "小计行", "skipped", "合计行")
            sheet.row += 1  # an empty row between the groups
            sheet.plain_heading()
            sheet.plant(12, "name", "每页重复的标题行", "skipped", "重复的表头")
        if number == 12:
            again = dict(members[0], relation="户主")
            sheet.person(again)
            sheet.plant(24, "id", "同一人写了两次", "refused", "重复")
        if number == 14:
            sheet.set("account", str(members[0]["account"]))
            sheet.plant(25, "account", "两人共用一个账号", "doubt", "共用一个账号")
    sheet.line("合计（大写）：伍拾叁人", merged=False)
    sheet.plant(17, "serial", "大写合计", "skipped", "合计行")
    return sheet


def ronghua(book: Any, people: People, plants: Iterator[Plant]) -> Roster:
    """Every line names its household; hidden rows; a look-up list of places stands beside the table."""
    columns = tuple(column for column in COLUMNS if column != "serial")
    sheet = Roster(book, "荣华村", columns)
    sheet.line("荣华村人口台账")
    sheet.plain_heading()
    start = sheet.row
    for number in range(1, 14):
        members = people.family(f"{number:03}", "二组")
        sheet.family(members, "every", plants)
        if number == 1:
            sheet.plant(12, "relation", "列名里有换行", "understood", fact="relation",
                        value={"母亲": "母", "次女": "二女"}.get(members[-1]["relation"], members[-1]["relation"]))
        if number == 3:
            namesake = people.person("李", "男", date(1971, 8, 9), "弟") | {"name": members[1]["name"]}
            sheet.person(namesake | {"group": "二组", "number": "003", "head": members[0]["name"]})
            sheet.plant(8, "name", "同名同姓的另一个人", "understood", fact="name", value=str(members[1]["name"]))
        if number == 5:
            sheet.sheet.row_dimensions[sheet.row].hidden = True
            sheet.plant(15, "name", "隐藏的行", "told", "隐藏行")
    lookup = len(columns) + 2
    for row, place in enumerate(("乡镇", "牛街乡", "新街镇", "密祉镇"), start):
        sheet.sheet.cell(row, lookup, place)
        sheet.sheet.cell(row, lookup + 1, "代码" if row == start else f"53292{row}")
    sheet.faults.append({
        "kind": 16, "sheet": sheet.name, "cell": f"{get_column_letter(lookup)}{start}", "what": "右边附了一张对照表",
        "must": "told", "says": "是另一张表，没有读",
    })
    return sheet


def langbi(book: Any, people: People, plants: Iterator[Plant]) -> Roster:
    """The sheet still bears the village's old name; one person stands in another village's list too."""
    sheet = Roster(book, "朗碧村")
    sheet.line("朗碧村农户花名册")
    sheet.heading()
    for number in range(1, 9):
        members = people.family(str(number), "一组")
        sheet.family(members, "merged", plants)
        if number == 1:
            sheet.plant(27, "name", "表名是旧村名", "understood", fact="household.village", value="康朗村")
    first = next(iter(book["牛街村"].iter_rows(min_row=5, max_row=5, values_only=True)))
    other = {"name": first[4], "relation": "户主", "sex": first[6], "id": first[7], "phone": "13888880000"}
    sheet.person({**other, "group": "一组", "number": "99", "head": first[4]})
    sheet.plant(23, "id", "同一人在两村名单里，电话不同", "refused", "重复")
    return sheet


def late(book: Any, people: People) -> Roster:
    """A hidden sheet that was sent afterwards: its village stands in a column, once short and once unknown."""
    columns = ("village", "group", "number", "head", "name", "relation", "sex", "id", "phone", "note")
    sheet = Roster(book, "补报", columns)
    sheet.line("各村补报名单")
    sheet.plain_heading()
    for number, village in ((201, "牛街"), (202, "保邑村委会"), (203, "新寨村")):
        person = people.family(str(number), "一组")[0]
        sheet.person(person | {"village": village})
        if village == "新寨村":
            sheet.plant(27, "village", "没有这个村", "refused", "没有叫“新寨村”的行政村")
        else:
            full = village.removesuffix("村委会").removesuffix("村") + "村"
            sheet.plant(27, "village", f"村名写成“{village}”", "understood", fact="household.village", value=full)
    sheet.sheet.sheet_state = "hidden"
    sheet.row = 1
    sheet.plant(15, "village", "隐藏的表", "told", "隐藏的表")
    return sheet


def others(book: Any) -> list[Roster]:
    """Sheets that are no list of persons line by line."""
    across = book.create_sheet("低保备案（成员横排）")
    across.append(["2026年9月份农村低保备案表"])
    across.append(["户主", "户主身份证", *["成员姓名", "身份证号"] * 4])
    for number in range(3):
        across.append([f"王横{number}", id_number(date(1960, 1, 1 + number), "男", 400), "王甲", None, "王乙", None])
    total = book.create_sheet("汇总")
    total.append(["牛街乡农户人口汇总表"])
    total.append(["村名", "姓名", "户数", "人口", "联系电话"])
    for village, head in (("牛街村", "李文书"), ("保邑村", "张文书"), ("合计", None)):
        total.append([village, head, 20, 60, None])
    source = book.create_sheet("数据源")
    for line in (("性别", "民族", "关系"), ("男", "汉族", "户主"), ("女", "彝族", "配偶")):
        source.append(line)
    rosters = []
    for name, kind, what, says in (
        ("低保备案（成员横排）", 14, "成员横排成对", "横排"),
        ("汇总", 15, "汇总表会把人数两遍", "汇总"),
        ("数据源", 15, "下拉列表的数据源", "没有姓名"),
    ):
        roster = Roster(book, name, ("serial",))
        roster.row = 1
        roster.plant(kind, "serial", what, "told", says)
        rosters.append(roster)
    return rosters


if __name__ == "__main__":
    main()
