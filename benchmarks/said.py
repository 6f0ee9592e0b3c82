"""What people write in the loaded tickets; invented, with words of known frequency.

Pieces stand between commas, so that a text is found by exactly what its pieces are found by.
"""

import random

COMMON, SELDOM, RARE = "垃圾", "井盖", "白蚁"
"""Words that stand in about 20 %, 1 % and 0.01 % of the reports, and nowhere else."""
PLANTED = (
    (
        0.2,
        ("楼道口的垃圾堆了好几天", "垃圾没有人清运", "装修垃圾挡住了过道", "垃圾桶满了还在往外堆"),
    ),
    (0.01, ("路面井盖松动有响声", "井盖破了一个角", "人行道上的井盖不见了")),
    (0.0001, ("木地板下面发现白蚁", "白蚁把门框蛀空了")),
)
WHERE = (
    "小区东门外面", "三号楼西侧", "地下车库入口", "菜场后门这条路", "公交站台旁边", "学校门口",
    "河边步道上", "社区活动室楼下", "沿街商铺门前", "七号楼顶层", "小区北面围墙", "二单元门口",
    "人民路口转角", "停车场出口", "幼儿园对面", "老年食堂附近", "快递柜旁", "河滨公园里",
)  # fmt: skip
WHAT = (
    "路灯连着三个晚上不亮", "有人占道摆摊卖水果", "污水从地面冒出来", "电动车堵住消防通道",
    "施工噪声到半夜还没停", "绿化带里的树枝断了", "墙面瓷砖有脱落的样子", "共享单车倒了一大片",
    "油烟直接排到窗口", "护栏被撞歪了", "积水没过脚面", "广告牌被风吹得摇晃", "狗没有牵绳乱跑",
    "楼上漏水渗到客厅", "外墙管道一直滴水", "门禁坏了谁都能进", "电梯困人两次",
    "楼顶私自搭了棚子", "夜里有人高声唱歌", "地砖翘起来绊倒了老人", "下水道气味很重",
    "小广告贴满了楼道", "停车位被桩子占着", "草坪被车轧坏了", "栏杆生锈快断了",
    "水管爆裂水压很小", "垂下来的电线没人管",
)  # fmt: skip
MORE = (
    "已经打过物业电话没人来", "希望尽快派人看看", "家里有老人和小孩", "晚上经过很危险",
    "上个月也反映过", "早晚高峰最明显", "下雨天更严重", "拍了照片可以提供", "邻居们都有意见",
    "请给个准确答复", "大概从上周开始", "每天都要从这里走", "影响休息", "怕出安全事故",
    "麻烦联系我", "周末也一样", "说是归别的部门管", "不知道该找谁", "希望能彻底解决",
    "谢谢工作人员",
)  # fmt: skip
ANSWERED = (
    "经现场核实反映的情况属实", "工作人员当天已到场查看", "已通知维护单位更换部件",
    "现场已恢复正常", "已与物业和业主商定办法", "施工安排在本周五之前完成",
    "已约谈经营者并责令改正", "复查时已恢复原状", "后续纳入每日巡查路线",
    "已安排专人每周巡查两次", "如再出现请随时告诉我们", "感谢您的监督",
    "相关费用由责任单位承担", "已在现场设置提示和围挡", "已联系您说明办理过程", "测试运行正常",
)  # fmt: skip
ADDED = (
    "昨天又出现了一次", "在三号楼东侧", "晚上八点以后最明显", "隔壁单元也有同样的情况",
    "已经好一些了", "补充一张照片", "联系电话没有变", "今天早上又来看过",
)  # fmt: skip


def report(luck: random.Random) -> str:
    """诉求: where, what, and one to three things more; some with a planted word."""
    pieces = [luck.choice(WHERE), luck.choice(WHAT)]
    for share, planted in PLANTED:
        if luck.random() < share:
            pieces.append(luck.choice(planted))
    return _sentence(pieces + luck.sample(MORE, luck.randint(1, 3)))


def answer(luck: random.Random) -> str:
    """答复."""
    return _sentence(luck.sample(ANSWERED, luck.randint(3, 4)))


def facts(luck: random.Random) -> str:
    """补充."""
    return _sentence(luck.sample(ADDED, luck.randint(1, 2)))


def pieces_of(text: str) -> list[str]:
    """The pieces of such a text."""
    return text.rstrip("。").split("，")


def _sentence(pieces: list[str]) -> str:
    return "，".join(pieces) + "。"
