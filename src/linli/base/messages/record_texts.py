"""What residents are told about their record in the registers."""

RECORD_TEXTS = {
    "people.request_approved": "您申请的登记更正已核实，登记册已更新。",
    "people.request_declined": "您申请的登记更正未被采纳：{answer}。可补充材料后重新申请。",
    "people.request_due": "有一份更正申请应于{day}前答复，请尽快办理。",
    "people.request_late": "有一份更正申请已过答复期限{day}，请马上办理。",
    "people.erasure_due": "有一份删除申请应于{day}前答复，请尽快办理。",
    "people.erasure_late": "有一份删除申请已过答复期限{day}，请马上办理。",
    "people.erasure_in_part": "您的删除申请已部分办理，保留的内容和理由见“我的档案”。",
    "people.erasure_refused": "您的删除申请未被同意，理由和依据见“我的档案”。",
    "people.tag_expires": "您在社区登记的一项信息将于{day}到期，需要续办的请联系社区。",
}
