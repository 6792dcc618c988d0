"""The checks that identifiers carry: NIR key, Luhn, IBAN mod 97, RIB key.

Every function takes bare characters: separators are removed by the caller.
"""

IBAN_LENGTHS = {  # ISO 13616 registry, whole length with country and key
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
    "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18,
    "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24,
    "TR": 26, "MR": 27, "RS": 22, "UA": 29,
}  # fmt: skip
DOUBLED = str.maketrans("0123456789", "0246813579")  # twice a digit, its own digits added
RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit closes the Luhn sum (ISO/IEC 7812-1)."""
    total = digits[-1::-2] + digits[-2::-2].translate(DOUBLED)
    return (sum(total.encode()) - ord("0") * len(total)) % 10 == 0


def nir_number(body: str) -> int:
    """Return the 13 characters of a NIR as a number, Corsica read as 19 and 18."""
    return int(body.replace("2A", "19").replace("2B", "18"))


def passes_nir(code: str) -> bool:
    """Tell whether 15 characters end with the right key: 97 − (number mod 97)."""
    return len(code) == 15 and int(code[13:]) == 97 - nir_number(code[:13]) % 97


def is_plausible_nir(body: str) -> bool:
    """Tell whether 13 characters have the sex, month and department of a NIR."""
    month = int(body[3:5])
    department = body[5:7]
    return (
        body[0] in "123478"
        and (1 <= month <= 12 or 20 <= month <= 42 or month >= 50)
        and (department in ("2A", "2B") or department.isdigit() and department != "00")
        and not body.startswith("34009")  # French medicine codes (CIP13) start so
    )


def passes_iban(code: str) -> bool:
    """Tell whether an upper-case IBAN has its country's length and is 1 modulo 97 (ISO 7064)."""
    if IBAN_LENGTHS.get(code[:2]) != len(code):
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def passes_rib(code: str) -> bool:
    """Tell whether 23 characters (bank, branch, account, key) satisfy the French RIB key."""
    digits = code.upper().translate(RIB_LETTERS)
    bank, branch, account, key = digits[:5], digits[5:10], digits[10:21], digits[21:]
    return 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97 == int(key)
