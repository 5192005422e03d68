"""Invented names: any likeness to a real person is chance."""

from __future__ import annotations

from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"  # noqa: E501
WEIGHTS = tuple(1 / (n + 8) for n in range(len(SURNAMES)))
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂兰英华玉萍红玲梅建国志海峰云燕晓文慧雪琳晨宇浩然子轩欣怡佳琪思雨一诺博文俊凯鹏飞宁波春花秋月冬青松柏林森庆祥福生德顺宝贵金凤银"  # noqa: E501


def invented_name(rng: Random) -> str:
    """Return a name of two or three characters."""
    surname = rng.choices(SURNAMES, WEIGHTS)[0]
    count = 2 if rng.random() < 0.72 else 1
    return surname + "".join(rng.choice(GIVEN) for _ in range(count))
