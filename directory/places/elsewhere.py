"""Real places that the gazetteer does not hold by name, so that none of them is taken for a slip of one it does.

Somebody who types Harlow means Harlow, not Harrow with a wrong letter; sending them to Harrow would be worse than
asking for a postcode.
"""


def _keys(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Towns, cities and counties of Great Britain outside London, as they are compared (`matching.key_of`): some would be
# taken for a slip, all get told that a postcode is wanted.
OUTSIDE_LONDON = _keys(
    """
    aberdeen aldershot alton altrincham andover ashford aylesbury banbury banstead barnsley barrow basildon basingstoke
    bath bedford billericay birkenhead birmingham blackburn blackpool bolton borehamwood boston bournemouth bracknell
    bradford braintree brentwood brighton bristol broxbourne burnley bury bushey camberley cambridge canterbury cardiff
    carlisle caterham chatham chelmsford cheltenham chertsey cheshunt chester chesterfield chichester clacton colchester
    coventry crawley crewe darlington dartford derby doncaster dorking dover dudley dundee durham eastbourne eastleigh
    edinburgh epping epsom esher exeter fareham farnham folkestone gateshead gillingham glasgow gloucester gosport grays
    gravesend grimsby guildford halifax halstead harlow harpenden harrogate hartlepool hastings hatfield havant
    haywardsheath hemelhempstead henley hereford hertford highwycombe hitchin hoddesdon horsham hove huddersfield hull
    inverness ipswich keighley kettering kidderminster kingslynn lancaster leamington leatherhead leeds leicester
    letchworth lewes lichfield lincoln littlehampton liverpool loughborough loughton lowestoft luton macclesfield
    maidenhead maidstone manchester mansfield margate middlesbrough miltonkeynes newbury newcastle newport newquay
    northampton norwich nottingham nuneaton oldham oxford oxted paisley perth peterborough plymouth pontefract poole
    portsmouth pottersbar preston ramsgate rayleigh reading redditch redhill reigate rochdale rochester rotherham rugby
    runcorn salford salisbury scarborough sevenoaks sheffield shrewsbury slough solihull southampton southend southport
    southshields stafford staines stalbans stevenage stirling stockport stockton stoke stokeontrent stroud sunderland
    sunbury surrey suttoncoldfield swansea swanley swindon tamworth taunton telford tilbury tonbridge torquay truro
    tunbridgewells wakefield wallsend walsall waltonabbey walthamabbey walton warrington warwick watford wellingborough
    wellington welwyn westonsupermare weybridge weymouth wigan winchester windsor wirral woking wokingham wolverhampton
    worcester worthing wrexham yeovil york berkshire buckinghamshire essex hertfordshire kent sussex
    """
)

# Districts of London that the gazetteer lacks and that are a slip away from another which it has.
UNLISTED_LONDON = _keys("crayford forestdale mertonpark southbank")

NOT_SLIPS = OUTSIDE_LONDON | UNLISTED_LONDON

# Answers to "where" that are no place to search from.
TOO_WIDE = _keys(
    """
    london greaterlondon innerlondon outerlondon centrallondon northlondon southlondon eastlondon westlondon
    northwestlondon northeastlondon southwestlondon southeastlondon england scotland wales uk unitedkingdom
    greatbritain britain
    """
)

# Postcode areas of the British Islands that the gazetteer does not hold, and what to call them.
NOT_COVERED = {
    "BT": "Northern Ireland",
    "GY": "Guernsey",
    "IM": "the Isle of Man",
    "JE": "Jersey",
    "BF": "British Forces",
}
