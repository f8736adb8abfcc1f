"""Phrases about immigration status and public funds, with a space for any white space or hyphens."""

# Each with the letters without which it need not be looked for: one of them must be in the text.
PHRASES = (
    (
        "paper",
        r"\b(?:her|his|their|my|identity|id|proper|right|correct|legal|valid|travel|immigration|any|uk|out of date) "
        r"(?:travel |id |identity )?papers?\b(?! (?:served|bag|round|trail|towel|copy|work))",
    ),
    (
        "paper status document",
        r"\b(?:has|have|having|got|with) no (?:legal )?(?:papers|status|documents|paperwork)\b",
    ),
    (
        "paper",
        r"\bpapers? (?:are |is |were |have |has |not |being )*(?:expired|ran out|run out|in order|sorted|taken|hidden"
        r"|withheld|with (?:him|the husband|the ho))",
    ),
    (
        "status",
        r"\b(?:insecure|uncertain|irregular|unresolved|precarious|unsettled|legal|illegal|residen\w+|residency|settled"
        r"|spouse|dependant|dependent|refugee|uk|visa|eu|"
        r"unstable|temporary|undetermined|lawful|unlawful|overstayer|protected|limited|regular|no) status\b",
    ),
    (
        "status",
        r"\bstatus (?:is |was |here |in (?:the )?(?:uk|country) |being |not |currently |still |remains"
        r" )*(?:in)?(?:insecure|uncertain|unclear|irregular|precarious|expir|in doubt|unresolved|regulari|dependent"
        r"|depends|tied|"
        r"secure|unknown in|linked to (?:him|her husband|the husband)|through (?:him|her husband|marriage)|relies)",
    ),
    (
        "status",
        r"\b(?:her|his|their|regulari[sz]e|regulari[sz]ing|lost|lose|losing) (?:her |his |their )?status\b(?!"
        r" (?:updates?|reports?|meeting|call|check))",
    ),
    (
        "leave",
        r"\b(?:granted|grant of|extend|extension of|renew\w*|apply\w* for|applied for|outstayed|period of|curtail\w*"
        r"|expired|refused|10 year|spouse|dependent|(?:lost|losing|lose|extend\w*|about|sort\w*) (?:her|his|their))"
        r" leave\b"
        r"(?! (?:the|her|him|tonight|now|home|today|tomorrow|work|until|till|day|pay|from work|form|granted for time))",
    ),
    (
        "leave",
        r"(?<!let\s)(?<!help\s)(?<!make\s)(?<!made\s)(?<!helped\s)(?<!watch\s)\b(?:her|his|their) leave"
        r" (?:expir|ran out|runs out|is about|was|has been|had|conditions?|application|status|lapsed|ends|ended|in"
        r" the uk)",
    ),
    (
        "leave",
        r"\bleave (?:has |was |is |had |will |about to |due to |being )*(?:expir|granted|refused|ran out|run out|runs"
        r" out|curtail|lapsed|outside the rules|extended by the)",
    ),
    (
        "illegal",
        r"(?<!this\s)(?<!which\s)(?<!that\s)(?<!it\s)\b(?:is|was|are|being|am|she'?s|he'?s|here|living|working"
        r"|stay(?:ed|ing)|entered|came|arrived|an?|both|whole family|called her|calls her) "
        r"(?:an? |here |in (?:the |this )?(?:uk|country|england) |over )*illegal(?:ly)?\b(?! (?:evict|tenan|drug|weapon"
        r"|substan|parking|sublet|firearm|knife|search))",
    ),
    (
        "illegal",
        r"\billegal(?:ly)? (?:in (?:the|this|england|uk)|here|immig|alien|entr|entered|migrant|work(?:er|ing)|stay"
        r"|resident|status|brought|person)",
    ),
    (
        "back country uk plane came arrived entered brought",
        r"\b(?:send|sends|sending|sent|ship|shipped|shipping|flown?|forced?|kick|kicked|thrown?|chuck|chucked)"
        r"(?: (?:her|him|them|me|us|back|out|the (?:kids|children|baby)|and|kids|children))* "
        r"?(?:back home\b|back (?=$|[.,!;]|if|when|unless|and|where|because|over|on)|back to where|out of (?:the|this)"
        r" country|out of the uk|on (?:a|the next) plane)"
        r"|\b(?:came|arrived|entered|brought)(?: here| over| in)? (?:as|to be) (?:an? )?(?:au pair|student|nanny|maid"
        r"|visitor|tourist|care(?: work)?er|bride|fianc\w+|wife|domestic)"
        r"|\bput (?:her|him|them) on (?:a|the next) (?:plane|flight)",
    ),
    (
        "threat sent shipped taken",
        r"\b(?:have|get|getting|having) (?:her|him|them) (?:sent|shipped|taken) (?:home|back)\b|\bthreat\w*(?:"
        r" \w+){0,4} sen(?:d|t|ding)(?: \w+){0,2} (?:home|back|away from the kids)\b",
    ),
    (
        "country uk",
        r"\b(?:leave|return to|go back to|removed? from|enter|entered|entering) (?:the uk|this country|the country)\b",
    ),
    (
        "countr",
        r"\b(?:her|his|their) (?:home|own) countr(?:y|ies)\b|\bback (?:in|to) (?:her|his|their) country\b|\bcountry of"
        r" (?:origin|birth)\b",
    ),
    (
        "uk u.k kingdom britain england country",
        r"\b(?:came|arrived|moved|brought|come|coming|travel(?:led)?|flew|entered|got|been|lived|living|stayed|here)(?:"
        r" her| him| them| over| here)* (?:to|in|into) (?:the )?(?:uk|u\.k\.?|united kingdom|britain|england|country"
        r"|this country)\b",
    ),
    (
        "uk u.k",
        r"(?<!anywhere\s)\b(?:in|to|into|leave|leaving|out of|entered) (?:the )?(?:uk|u\.k\.)(?: (?:since|for|in|on"
        r"|from|as|by|with|via|without|legally|illegally|last))",
    ),
    (
        "boat dinghy lorry inflat",
        r"\b(?:by|on|in)(?: the back of)?(?: an?| the)? (?:small boat|dinghy|lorry|boat|inflatable)\b.{0,20}(?:arriv"
        r"|came|cross|year|from|since|last)|"
        r"\b(?:came|arrived|crossed|brought)(?: here| over| in| to \w+| across| her)* (?:by|on|in)(?: the back of)?(?:"
        r" an?| the)? (?:small boat|dinghy|lorry|boat|inflatable)",
    ),
    (
        "entitled eligible",
        r"\b(?:not|isn'?t|isnt|aren'?t|no longer|never)(?: be)? (?:entitled|eligible) (?:to|for)(?: any| claim| uk|"
        r" state| housing| mainstream| welfare)* (?:benefits?|funds|support from the state|hb|uc|universal credit"
        r"|housing benefit|assistance)",
    ),
    (
        "access entitlement right eligib",
        r"\b(?:no|without|any) (?:access|entitlement|right|rights|eligibility) to(?: any| claim| uk| state| public|"
        r" mainstream| welfare)* (?:benefits?|public|welfare|housing benefit|hb|uc)\b",
    ),
    (
        "benefit public welfare uc hb credit",
        r"\b(?:can'?t|cannot|can not|unable to|not able to|not allowed to|isn'?t allowed to|barred from|excluded from)"
        r" (?:claim\w*|access|get)(?: any| uk| state| mainstream| public| welfare)* (?:benefits|public|welfare|uc|hb"
        r"|universal credit|housing benefit)\b",
    ),
    (
        "work permission right",
        r"\b(?:not|isn'?t|never) allowed to work\b|\bno (?:right|permission) to (?:work|stay|be|remain|live)\b"
        r"|\bwork(?:ing)? (?:rights|illegally)\b|\bcash in hand because\b",
    ),
    (
        "application case claim decision appeal interview letter biometric refusal papers",
        r"\b(?:application|case|claim|decision|appeal|interview|letter|biometrics|refusal|papers) (?:is |still |pending"
        r" )*(?:with|from|at|by) (?:the )?(?:ho|home office|ukvi|tribunal)\b",
    ),
    (
        "claim failed appeal arc",
        r"\bclaim(?:ed|ing|s)? (?:for )?(?:asylum|protection)\b|\bfailed (?:asylum|claim(?:ant)?)\b|\bappeal rights"
        r" exhausted\b|\barc card\b|\bfresh claim\b",
    ),
    (
        "visa permit leave route extension",
        r"\b(?:spouse|fianc\w+|wife|marriage|partner|student|work|worker|care worker|health(?:care)? worker|visitor"
        r"|tourist|family|dependant|dependent)(?: to)? (?:visa|permit|leave|route|extension)\b",
    ),
    (
        "depend",
        r"\b(?:dependant|dependent)s? (?:of|on) (?:his|her|the|husband\S*|partner\S*|spouse\S*|him)(?: \w+)? (?:visa"
        r"|permit|student|work|status|husband|spouse|partner)|\b(?:tier \d|visa|student|work(?:er)?) dependan?e?nts?\b",
    ),
    (
        "authorit enforce border",
        r"\b(?:call|calling|ring|ringing|report|reported|reporting|tell|told|grass|dob|shop)(?:ing|s|ed)? (?:her |him "
        r"|them )(?:in )?(?:to )?(?:the )?(?:authorities|enforcement|border)",
    ),
    (
        "depend relies hinges tied",
        r"\b(?:her|his|their|lawful|legal) (?:stay|right|permission|leave|status)(?: to \w+)?(?: (?:here|in (?:the "
        r"|this )?(?:uk|country)))* (?:depends?|is dependent|relies|hinges|is tied|tied) ",
    ),
    (
        "detain",
        r"\bdetain\w* (?:and|or|&) (?:remov\w*|deport\w*|sent (?:back|home))"
        r"(?! from (?:the |her |his )?(?:address|property|home|house|scene|flat|premises))"
        r"|\bdetained by (?:immigration|border)",
    ),
    (
        "status abroad overseas bride wife",
        r"\bstatus (?:issues?|problems?|sorted|here\b|in the uk|expired|document|papers|dependent)|\bout of status\b"
        r"|\bfrom (?:abroad|overseas)\b|\bmail order (?:bride|wife)\b",
    ),
    (
        "legal",
        r"\b(?:not|isn'?t|no longer)(?: here)? legal(?:ly)?\b(?! (?:married|rep|aid|advice|respons|separat|divorc"
        r"|tenant|owner|guardian|allowed|able|bind|requir|represent))|\bhere legally\b|\blegally here\b",
    ),
    (
        "over benefit visa",
        r"\b(?:came|brought|come)(?: \w+)? over (?:from|to marry|to join|after (?:the )?(?:wedding|marriage)|on an?)"
        r"|\bno benefits? entitle\w+|\bon an? (?:\w+ )?visas?\b",
    ),
    (
        "concession hostile born cross",
        r"\bconcession\b(?! stand)|\bhostile environment\b|\bnot born (?:here|in this country)\b|\bcross(?:ed|ing)"
        r" (?:the )?(?:border|channel)\b",
    ),
)
