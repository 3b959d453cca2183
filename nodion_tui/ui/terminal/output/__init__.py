"""How are styled rows written with few bytes?"""
