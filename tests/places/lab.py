"""Files in the forms of Kartverket's, filled with fictional places: no name or address is real."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from console.places.index import Near
from console.places.utm import to_utm

MIDDLE = Near(60.9, 10.7)
CSV_HEAD = (
    "lokalId;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;adressetilleggsnavnKilde;"
    "adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;festenummer;undernummer;"
    "adresseTekst;adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;postnummer;poststed;"
    "oppdateringsdato;datauttaksdato;adresseId;uuidAdresse"
)


@dataclass(frozen=True)
class Sted:
    """One fictional place as SSR has it."""

    name: str
    lat: float
    lon: float
    type: str = "gard"
    municipality: str = "Fiktivdal"
    number: str = "9901"
    others: Sequence[str] = ()
    language: str = "norsk"
    status: str = "hovednavn"
    second: tuple[str, str] | None = None  # a name in another language, and that language
    priority: str = "norsk-sørsamisk-lulesamisk-nordsamisk-kvensk"
    geometry: str = "multipunkt"
    epsg: int = 25833


STEDER = (
    Sted("Storfiktiven", 60.91, 10.71, "by", others=("Stor-Fiktiven", "Storfiktivn")),
    Sted("Nes", 60.80, 10.75, "gard"),
    Sted("Nes", 60.20, 11.40, "gard", "Diktemark", "9902"),
    Sted("Nes", 69.20, 19.40, "nesISjø", "Oppspinn", "9903"),
    Sted("Skjærvågen", 60.95, 10.65, "vikISjø", geometry="senterlinje"),
    Sted("Kjølhaugen", 60.97, 10.60, "haug", geometry="område"),
    Sted("Guovddášjohka", 69.10, 23.40, "tettsted", "Oppspinn", "9903", language="nordsamisk",
         second=("Gåvdosjokk", "norsk"), priority="nordsamisk-norsk"),
    Sted("Tusenvatnet", 62.00, 5.10, "innsjø", "Diktemark", "9902"),
    Sted("Nedre Fiktivhaugen", 60.92, 10.72, "bruk", epsg=4258),
)  # fmt: skip


def gml(steder: Iterable[Sted] = STEDER, head: str = "") -> str:
    members = "".join(_member(n, sted) for n, sted in enumerate(steder))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<gml:FeatureCollection '
        'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="https://skjema.geonorge.no/SOSI/'
        'produktspesifikasjon/StedsnavnForVanligBruk/20231001" gml:id="fictional">\n'
        '<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::25833" srsDimension="2">'
        "<gml:lowerCorner>0 6400000</gml:lowerCorner></gml:Envelope></gml:boundedBy>\n"
        f"{members}</gml:FeatureCollection>\n"
    )


def _member(n: int, sted: Sted) -> str:
    names = _stedsnavn(sted.name, sted.language, sted.status, sted.others)
    if sted.second is not None:
        names += _stedsnavn(sted.second[0], sted.second[1], "hovednavn")
    return (
        f'<gml:featureMember><app:Sted gml:id="id{n}"><app:identifikasjon><app:Identifikasjon>'
        f"<app:lokalId>{n}</app:lokalId></app:Identifikasjon></app:identifikasjon>"
        f"<app:{sted.geometry}>{_geometry(sted)}</app:{sted.geometry}>{names}"
        "<app:navneobjekthovedgruppe>bebyggelse</app:navneobjekthovedgruppe>"
        f"<app:navneobjekttype>{sted.type}</app:navneobjekttype>"
        "<app:sortering>viktighetH</app:sortering>"
        f"<app:språkprioritering>{sted.priority}</app:språkprioritering>"
        f"<app:kommune><app:Kommune><app:kommunenummer>{sted.number}</app:kommunenummer>"
        f"<app:kommunenavn>{escape(sted.municipality)}</app:kommunenavn>"
        "<app:fylkesnummer>99</app:fylkesnummer></app:Kommune></app:kommune>"
        f"<app:stedsnummer>{n}</app:stedsnummer></app:Sted></gml:featureMember>\n"
    )


def _stedsnavn(name: str, language: str, status: str, others: Sequence[str] = ()) -> str:
    side = "".join(
        "<app:annenSkrivemåte><app:Skrivemåte>"
        f"<app:komplettskrivemåte>{escape(one)}</app:komplettskrivemåte>"
        "<app:skrivemåtestatus>historisk</app:skrivemåtestatus>"
        "</app:Skrivemåte></app:annenSkrivemåte>"
        for one in others
    )
    return (
        f"<app:stedsnavn><app:Stedsnavn><app:navnestatus>{status}</app:navnestatus>"
        f"<app:språk>{language}</app:språk><app:skrivemåte><app:Skrivemåte>"
        f"<app:komplettskrivemåte>{escape(name)}</app:komplettskrivemåte>"
        "<app:skrivemåtestatus>godkjent</app:skrivemåtestatus></app:Skrivemåte></app:skrivemåte>"
        f"{side}</app:Stedsnavn></app:stedsnavn>"
    )


def _geometry(sted: Sted) -> str:
    if sted.epsg == 4258:
        x, y = sted.lat, sted.lon  # the register's own order of axes
    else:
        x, y = (float(one) for one in to_utm(sted.lat, sted.lon, sted.epsg - 25800))
    srs = f'srsName="urn:ogc:def:crs:EPSG::{sted.epsg}" srsDimension="2"'
    if sted.geometry == "senterlinje":
        line = f"{x - 500} {y} {x} {y} {x + 500} {y}"
        return f"<gml:LineString {srs}><gml:posList>{line}</gml:posList></gml:LineString>"
    if sted.geometry == "område":
        ring = f"{x - 9} {y - 9} {x + 9} {y - 9} {x + 9} {y + 9} {x - 9} {y + 9}"
        return (
            f"<gml:Polygon {srs}><gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList>"
            "</gml:LinearRing></gml:exterior></gml:Polygon>"
        )
    return (
        f"<gml:MultiPoint {srs}><gml:pointMember><gml:Point><gml:pos>{x} {y}</gml:pos>"
        "</gml:Point></gml:pointMember><gml:pointMember><gml:Point><gml:pos>"
        f"{x + 50} {y}</gml:pos></gml:Point></gml:pointMember></gml:MultiPoint>"
    )


@dataclass(frozen=True)
class House:
    """One fictional address."""

    street: str
    number: int
    letter: str = ""
    lat: float = 60.91
    lon: float = 10.71
    municipality: str = "Fiktivdal"
    code: str = "9901"
    postcode: str = "9871"
    town: str = "STORFIKTIVEN"
    extra: str = ""
    farm: str = "12"
    holding: str = "3"

    def line(self, epsg: int = 25833) -> str:
        if epsg == 4258:
            north, east = str(self.lat), str(self.lon)
        else:
            x, y = to_utm(self.lat, self.lon, epsg - 25800)
            north, east = f"{float(y):.2f}", f"{float(x):.2f}"
        kind = "vegadresse" if self.street else "matrikkeladresse"
        number = str(self.number) if self.street else ""
        return (
            f"1;{self.code};{self.municipality};{kind};{self.extra};;1000;{self.street};{number};"
            f"{self.letter};{self.farm};{self.holding};;;x;x;{epsg};{north};{east};"
            f"{self.postcode};{self.town};2026-01-01;2026-01-02;1;u"
        )


HOUSES = (
    *(House("Storgata", n, lat=60.91 + n * 1e-4) for n in range(1, 31)),
    House("Storgata", 12, "B", lat=60.9125),
    House("Storgata", 12, "A", lat=60.9124),
    *(
        House("Storgata", n, lat=60.20, lon=11.40 + n * 1e-4, municipality="Diktemark",
              code="9902", postcode="9872", town="DIKTEBYEN")
        for n in range(1, 20)
    ),
    House("Kong Fiktivs veg", 7, lat=60.93),
    House("17. mai gate", 4, lat=60.935),
    House("Bryggeveien", 3, "D", lat=60.936, farm="44", holding="17"),
    House("Bryggeveien", 9, lat=60.2, lon=11.4, municipality="Diktemark", code="9902",
          postcode="9872", town="DIKTEBYEN", farm="44", holding="17"),
    House("", 0, lat=60.94, extra="Haugstua"),
)  # fmt: skip


def addresses(houses: Iterable[House] = HOUSES, epsg: int = 25833) -> str:
    return "\n".join([CSV_HEAD, *(house.line(epsg) for house in houses)]) + "\n"


def put(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_text(text, encoding)
    return file


def zipped(file: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file
