"""People's mediation 人民调解: file, parties, meetings, agreement, performance, court."""
