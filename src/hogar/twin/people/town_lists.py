"""Which towns and streets are there? Cities with the first digits of their postcodes, the biggest first, and streets.

Our own selection; city names and postcode prefixes are facts of Spain's post. Used by `places`.
"""

from __future__ import annotations

CITIES: tuple[tuple[str, str], ...] = (
    ("Madrid", "280"), ("Barcelona", "080"), ("Valencia", "460"), ("Sevilla", "410"), ("Zaragoza", "500"),
    ("Málaga", "290"), ("Murcia", "300"), ("Palma", "070"), ("Las Palmas de Gran Canaria", "350"), ("Bilbao", "480"),
    ("Alicante", "030"), ("Córdoba", "140"), ("Valladolid", "470"), ("Vigo", "362"), ("Gijón", "332"),
    ("L'Hospitalet de Llobregat", "089"), ("Vitoria-Gasteiz", "010"), ("A Coruña", "150"), ("Granada", "180"),
    ("Elche", "032"), ("Oviedo", "330"), ("Badalona", "087"), ("Cartagena", "302"), ("Terrassa", "082"),
    ("Jerez de la Frontera", "114"), ("Sabadell", "086"), ("Móstoles", "289"), ("Santa Cruz de Tenerife", "380"),
    ("Pamplona", "310"), ("Almería", "040"), ("Alcalá de Henares", "288"), ("Fuenlabrada", "285"), ("Leganés", "283"),
    ("Donostia-San Sebastián", "200"), ("Getafe", "287"), ("Burgos", "090"), ("Santander", "390"),
    ("Castellón de la Plana", "120"), ("Albacete", "020"), ("Alcorcón", "286"), ("La Laguna", "382"),
    ("Logroño", "260"), ("Badajoz", "060"), ("Salamanca", "370"), ("Huelva", "210"), ("Lleida", "250"),
    ("Tarragona", "430"), ("León", "240"), ("Cádiz", "110"), ("Jaén", "230"), ("Ourense", "320"), ("Girona", "170"),
    ("Lugo", "270"), ("Cáceres", "100"), ("Santiago de Compostela", "157"), ("Lorca", "308"), ("Mataró", "083"),
    ("Algeciras", "112"), ("Reus", "432"), ("Toledo", "450"), ("Pontevedra", "360"), ("Guadalajara", "190"),
    ("Ciudad Real", "130"), ("Palencia", "340"), ("Zamora", "490"), ("Ávila", "050"), ("Cuenca", "160"),
    ("Huesca", "220"), ("Segovia", "400"), ("Soria", "420"), ("Teruel", "440"), ("Avilés", "334"),
)  # fmt: skip

# The same towns as clerks write them: in the other language, by an old or a short name.
ALSO: dict[str, tuple[str, ...]] = {
    "Valencia": ("València", "VLC"), "Alicante": ("Alacant", "Alicante/Alacant"), "Elche": ("Elx", "Elche/Elx"),
    "Castellón de la Plana": ("Castelló de la Plana", "Castellón"), "A Coruña": ("La Coruña", "Coruña"),
    "Vitoria-Gasteiz": ("Vitoria", "Gasteiz"), "Donostia-San Sebastián": ("San Sebastián", "Donostia"),
    "Pamplona": ("Iruña", "Pamplona/Iruña"), "Bilbao": ("Bilbo",), "Lleida": ("Lérida",), "Girona": ("Gerona",),
    "Ourense": ("Orense",), "L'Hospitalet de Llobregat": ("Hospitalet de Llobregat", "L'Hospitalet"),
    "Terrassa": ("Tarrasa",), "Palma": ("Palma de Mallorca",), "Las Palmas de Gran Canaria": ("Las Palmas",),
    "Santa Cruz de Tenerife": ("Sta. Cruz de Tenerife", "S/C Tenerife"),
    "Jerez de la Frontera": ("Jerez", "Jerez Fra."),
    "Barcelona": ("BCN", "Barna"), "Madrid": ("MADRID (capital)", "Mad."), "Zaragoza": ("Zgza.",), "Gijón": ("Xixón",),
    "Santiago de Compostela": ("Santiago",), "Alcalá de Henares": ("Alcalá",),
    "La Laguna": ("San Cristóbal de La Laguna",),
}  # fmt: skip

KINDS: dict[str, float] = {"Calle": 0.74, "Avenida": 0.12, "Plaza": 0.07, "Paseo": 0.04, "Camino": 0.03}
# How clerks shorten them; the last of each is one that the operator's mapping does not know.
SHORT: dict[str, tuple[str, ...]] = {
    "Calle": ("C/", "c/", "C.", "Cl."), "Avenida": ("Avda.", "Avda.", "Av."), "Plaza": ("Pza.", "Pza.", "Pl."),
    "Paseo": ("Pº", "Pº", "Pso."), "Camino": ("Cno.",),
}  # fmt: skip

_PLAIN = (
    "Mayor,Real,Nueva,Ancha,Cervantes,Goya,Velázquez,Colón,Gaudí,Santiago,Antonio Machado,Federico García Lorca,"
    "Miguel Hernández,Rosalía de Castro,Ramón y Cajal,Pablo Picasso,Isabel la Católica,Lope de Vega,Quevedo,Zurbarán,"
    "Murillo,Calderón de la Barca,Pío Baroja,Blasco Ibáñez,Emilia Pardo Bazán,Clara Campoamor,Severo Ochoa,"
    "Juan Ramón Jiménez,Gabriel Miró,Jacinto Benavente,Manuel de Falla,Isaac Albéniz,Concepción Arenal,Hernán Cortés,"
    "Doctor Fleming,Marie Curie,Reyes Católicos,Primero de Mayo,Dos de Mayo,Jorge Juan,Tirso de Molina,Ortega y Gasset"
)
_SAINTS = (
    "Juan,José,Antonio,Pedro,Pablo,Francisco,Miguel,Vicente,Roque,Isidro,Sebastián,Fernando,Andrés,Martín,Lorenzo,Blas,"
    "Agustín,Bartolomé,Nicolás,Jorge"
)
_THINGS = (
    "del Sol,de la Luna,de la Fuente,de la Iglesia,de la Constitución,de España,del Carmen,de los Olivos,de la Paz,"
    "del Río,de la Estación,del Mercado,de Andalucía,de Castilla,del Prado,de las Flores,de la Libertad,del Pino,"
    "de Aragón,de Galicia,del Molino,de las Huertas,de la Cruz,de Lepanto,del Norte,de la Playa,del Castillo,"
    "de los Almendros,de Cádiz,de Toledo,de la Rosa,del Puente,de la Alameda,de la Concordia,del Horno,de las Escuelas,"
    "de los Naranjos,del Parque,de Portugal,de Europa,de América,de la Virgen,del Pilar,de los Remedios,de la Ermita,"
    "de la Acequia,de Extremadura,de Valencia,de Navarra,de Murcia,del Rosario,de la Industria,de la Feria,del Pozo,"
    "de los Herreros,de la Plata,del Convento,de las Eras,de la Ribera,del Olmo,de Granada,de Asturias,"
    "del Mediterráneo,de la Encina,de las Palmeras,de la Torre,de los Mártires,de la Amistad,del Trabajo,de Cataluña,"
    "de la Seda,del Agua"
)
STREETS: tuple[str, ...] = (
    *_PLAIN.split(","),
    *(f"San {name}" for name in _SAINTS.split(",")),
    "Santa María", "Santa Ana", "Santa Teresa", "Santa Lucía", "Santa Bárbara", "Santo Domingo",
    *_THINGS.split(","),
)  # fmt: skip
