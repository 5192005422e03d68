"""What residents are told about their record in the registers."""

RECORD_TEXTS = {
    "people.request_approved": "您申请的登记更正已核实，登记册已更新。",
    "people.request_declined": "您申请的登记更正未被采纳：{answer}。可补充材料后重新申请。",
    "people.tag_expires": "您在社区登记的一项信息将于{day}到期，需要续办的请联系社区。",
}
