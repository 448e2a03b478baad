"""Which names do people bring who came from elsewhere? Short lists of our own by origin, and wives' custom there.

Used by `names`, beside the lists of `name_lists`.
"""

from __future__ import annotations

from hogar.twin.people.name_lists import NameList, composed, parted

# Homes that came from elsewhere, by share among them (assumed, in the order of Spain's register of foreigners).
ELSEWHERE: tuple[tuple[float, NameList], ...] = (
    (0.34, NameList(
        women=parted("Fátima,Aicha,Khadija,Nadia,Samira,Hanane,Naima,Malika,Salma,Karima,Hafida,Rachida,Loubna,Amina,"
                    "Yasmina,Soukaina,Imane,Zohra"),
        men=parted("Mohamed,Ahmed,Rachid,Hassan,Youssef,Said,Mustapha,Abdelkader,Omar,Karim,Hamid,Khalid,Brahim,Driss,"
                  "Ayoub,Bilal,Adam,Ilyas"),
        surnames=composed("El Idrissi,Benali,El Amrani,Alaoui,Bennani,Chaoui,Haddad,Ziani,El Khatib,Mansouri", (
            ("Ben,El,Bou,Ait", "Ali,Hassan,Mansour,Fassi,Yahia,Moussa,Omar,Said,Kacem,Hamza,Brahim,Amar,Rami,Taleb,"
             "Jilali,Morabit,Hamdaoui,Azzouzi,Ouali,Haddi,Mrabet,Sabri,Filali", " "),), 100),
        takes=0.0,
    )),
    (0.26, NameList(
        women=parted("Maria,Elena,Ioana,Mihaela,Andreea,Cristina,Daniela,Alexandra,Gabriela,Simona,Roxana,Florentina,"
                    "Bianca,Raluca,Anca,Larisa"),
        men=parted("Ion,Andrei,Alexandru,Mihai,Cristian,Florin,Marian,Gheorghe,Vasile,Ionut,Adrian,Constantin,Marius,"
                  "Bogdan,Razvan,Luca"),
        surnames=composed("Popescu,Ionescu,Popa,Radu,Dumitru,Stan,Stoica,Gheorghe,Matei,Ciobanu,Rusu,Munteanu", (
            ("Ion,Dumitr,Const,Marin,Vasil,Niculi,Petr,Grigor,Stef,Teodor", "escu,iu,ache,eanu,oiu,ica,aru,u", ""),),
            80),
        takes=0.90,
    )),
    (0.20, NameList(
        women=parted("Emma,Sarah,Karen,Susan,Giulia,Francesca,Chiara,Anna,Claire,Sophie,Julie,Helen,Linda,Alice,Nina,"
                    "Katharina"),
        men=parted("John,David,Paul,Marco,Andrea,Luca,Peter,Michael,Thomas,Mark,Stephen,Alessandro,Pierre,Nicolas,Jan,"
                  "Martin"),
        surnames=composed("Smith,Jones,Rossi,Taylor,Brown,Bianchi,Martin,Müller,Wilson,Dubois,Ferrari,Evans,Romano", (
            ("Wal,Har,Whit,Bran,Col,Mor,Bel,Gar,Ric,Fal", "ton,ley,field,ini,etti,elli,man,son,ford,oni", ""),), 100),
        takes=0.70,
    )),
    (0.11, NameList(
        women=parted("Oksana,Olena,Natalia,Iryna,Svitlana,Tetiana,Halyna,Yulia,Kateryna,Mariya,Anastasia,Sofiia"),
        men=parted("Oleksandr,Volodymyr,Serhii,Andrii,Vasyl,Mykola,Ivan,Dmytro,Yurii,Igor,Artem,Maksym"),
        surnames=composed("Melnyk,Shevchenko,Kovalenko,Bondarenko,Tkachenko,Kravchenko,Kovalchuk,Boyko", (
            ("Petr,Vas,Hav,Ivan,Rom,Dan,Mosk,Pav", "enko,chuk,yshyn,iuk,iv,yk,enchuk", ""),), 60),
        takes=0.85,
    )),
    (0.09, NameList(
        women=parted("Li,Xiu,Mei,Yan,Fang,Ying,Jing,Hui,Xia,Lin,Na,Yue"),
        men=parted("Wei,Jun,Lei,Hao,Jian,Ming,Qiang,Bin,Tao,Peng,Feng,Yong"),
        surnames=parted("Chen,Wang,Zhou,Lin,Ye,Xu,Wu,Zhang,Liu,Zheng,Hu,Huang,Jin,Xia,Pan,Zhu,Ji,Yang"),
        takes=0.0,
    )),
)  # fmt: skip
