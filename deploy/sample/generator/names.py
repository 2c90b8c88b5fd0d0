"""Invented names of institutions: a kind and a word that children might like."""

WORDS = (
    "Mælkebøtten Solstrålen Regnbuen Kastanjen Humlebien Mariehønen Egernet Spirerne Skovtrolden Månestenen "
    "Svalereden Vandpytten Æblehaven Bølgen Fyrtårnet Klatretræet Perlen Pindsvinet Stjerneskuddet Vindmøllen "
    "Grønærten Sneglehuset Havkatten Brombærranken Blæksprutten Hasselmusen Uglen Lærken Søhesten Kompasset "
    "Legestuen Trædrengen Tusindfryden Valmuen Kløverbladet Rønnebærret Guldsmeden Sommerfuglen Bævergården "
    "Dragen Papirflyveren Kanelsneglen Sæbeboblen Skattekisten Trækronen Byggepladsen Ladcyklen Vandrefalken "
    "Tangloppen Muslingen Rosenbusken Ahornen Birken Lindetræet Poppelen Pilefløjten Enhjørningen Nattergalen "
    "Isfuglen Bogfinken Gærdesmutten Rødkælken Musvitten Grævlingen Haletudsen Frøkongen Myretuen Bikuben "
    "Sandslottet Gyngen Karrusellen Snurretoppen Kaptajnen Lanternen Ankeret Sejlskibet Tovværket Værkstedet "
    "Atelieret Køkkenhaven Drivhuset Jordbærmarken Nøddebusken Troldebakken Eventyret Kometen Nordstjernen "
    "Planeten Raketten Undervandsbåden Luftballonen Tordenskyen Vinterhiet Foråret Sensommeren Morgenduggen "
    "Aftenstjernen Bjergtoppen Grusstien Broen Tårnuret Kongelunden Vesterhaven Søpavillonen Bakkehuset Lunden"
).split()

PREFIXES = {
    "nursery": ["Vuggestuen"],
    "kindergarten": ["Børnehaven"],
    "integrated_day_care": ["Børnehuset", "Daginstitutionen"],
    "after_school_centre": ["Fritidshjemmet"],
    "club": ["Klubben"],
}


class NameGiver:
    """Gives every institution a name that no other one has."""

    def __init__(self, random):
        self._left = {
            kind: random.sample([f"{prefix} {word}" for prefix in prefixes for word in WORDS], len(prefixes) * len(WORDS))
            for kind, prefixes in PREFIXES.items()
        }

    def next_name(self, kind):
        return self._left[kind].pop()
