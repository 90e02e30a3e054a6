"""Words that give a way of writing away: arabizi, Maghrebi Arabic, phone French, greetings, language names.

All are folded as `nlu.normalise.fold` does. A word shared with another of our languages does not belong here.
"""

GREETINGS: dict[str, str] = {
    "bonjour": "fr", "bonsoir": "fr", "coucou": "fr", "bjr": "fr", "slt": "fr", "salut": "fr",
    "hello": "en", "hi": "en", "hey": "en", "good morning": "en", "good evening": "en",
    "good afternoon": "en", "salam": "ar", "slm": "ar", "salam alaykoum": "ar", "salam alikoum": "ar",
    "assalam": "ar", "salamou": "ar", "salem": "ar", "selem": "ar", "marhba": "ar", "labas": "ar", "ahlan": "ar",
    "hola": "es", "buenas": "es", "buenos": "es", "ola": "pt", "bom dia": "pt", "boa tarde": "pt",
    "boa noite": "pt", "merhaba": "tr", "selam": "tr", "gunaydin": "tr", "buna": "ro", "buna ziua": "ro",
    "pershendetje": "sq", "miredita": "sq", "tungjatjeta": "sq", "privet": "ru",
}  # fmt: skip

LANGUAGE_NAMES: dict[str, str] = {
    "francais": "fr", "francaise": "fr", "french": "fr", "fransawi": "fr", "fransi": "fr", "الفرنسية": "fr",
    "فرنسي": "fr", "فرنسية": "fr", "فرنساوي": "fr", "بالفرنسية": "fr", "بالفرنسي": "fr", "frances": "fr",
    "franceza": "fr", "fransizca": "fr", "французский": "fr", "по французски": "fr", "frengjisht": "fr",
    "anglais": "en", "english": "en", "inglizi": "en", "ingliziya": "en", "إنجليزي": "en", "انجليزية": "en",
    "الإنجليزية": "en", "بالإنجليزية": "en", "بالانجليزي": "en", "ingles": "en", "engleza": "en",
    "ingilizce": "en", "английский": "en", "по английски": "en", "انگلیسی": "en", "anglisht": "en",
    "arabe": "ar", "arabic": "ar", "عربي": "ar", "عربية": "ar", "العربية": "ar", "بالعربية": "ar",
    "بالعربي": "ar", "عربيه": "ar", "3arbi": "ar", "3arabi": "ar", "3arabiya": "ar", "arbi": "ar",
    "arabi": "ar", "darija": "ar", "الدارجة": "ar", "بالدارجة": "ar", "arapca": "ar", "عربى": "ar",
    "espagnol": "es", "spanish": "es", "espanol": "es", "castellano": "es", "إسبانية": "es",
    "portugais": "pt", "portuguese": "pt", "portugues": "pt",
    "roumain": "ro", "romanian": "ro", "romana": "ro", "romaneste": "ro",
    "turc": "tr", "turkish": "tr", "turkce": "tr", "تركي": "tr",
    "russe": "ru", "russian": "ru", "русский": "ru", "по русски": "ru", "روسي": "ru",
    "ukrainien": "uk", "ukrainian": "uk", "українська": "uk", "українською": "uk", "украинский": "uk",
    "persan": "fa", "persian": "fa", "farsi": "fa", "dari": "fa", "فارسی": "fa", "دری": "fa", "فارسي": "fa",
    "pachto": "ps", "pashto": "ps", "pachtou": "ps", "پښتو": "ps", "بشتو": "ps",
    "tigrinya": "ti", "tigrigna": "ti", "ትግርኛ": "ti",
    "albanais": "sq", "albanian": "sq", "shqip": "sq", "armenien": "hy", "armenian": "hy", "հայերեն": "hy",
}  # fmt: skip

ARABIZI_WORDS = frozenset(
    """
    rani rani rana rah rahi rahou rahom raha wach wesh wech wash chno chnou shno achno achnou chnowa chnia
    kifach kifech kifesh kifash kif kayf kayfa fin win wayn feen fein winou winek wakt waqtach wa9tach foukach
    chhal ch7al bch7al 3lach 3lash lach 3lah 3andi 3andek 3endi andi andek 3andna 3ndi endi 3andou 3ndna
    bghit bghyt bghina nheb n7eb nhab nhebb 7ab habit bgha n7ab t7eb ncha nhabou bezzaf bezaf bzaf bzzaf barcha
    barsha yasser bark mazal mazel mzl daba dork drk druk tawa lyoum lyouma ghodwa ghedwa ghodwa ghadda ghda
    lbareh lbare7 had hada hadi hadchi hadshi hadik hedha hethi dyal dyali dyalek diali diali dial ta3 ta3i ta3ek
    mta3 mta3i nta3 nta3i ma3 m3a m3aya m3aha m3ah ana ntouma hna houma howa howwa hiya nta nti entaya entya
    khoya khouya khoya khti okhti sahbi sa7bi weldi wldi wladi wlad drari bnti binti benti rajli rajel rejel
    mrati marti mra khdma khedma khdama khedam nkhdem nekhdem nkhdm lkhdma flous flouss drahem dar darna ddar
    lwra9 wra9 lwraq waraq l9raya kra lkra kriti nkri nskon neskon nsken sakan saken sakna barra brra kayen
    kayn kayna makach makayen makanch mafihach makanch walou walo oualou chi chwiya chwia shwiya chouia chouya
    smahli sm7li smehli afak 3afak lah llah allah inchallah inshallah nchallah hamdoulah hamdolah hamdullah
    lhamdoulilah wallah wellah walah ya yalah yallah salam slm labas lebes bslama beslama choukran shokran
    chokran sa7a saha saha barak baraka la3ziz mli7 mlih mleh mzyan mezyan zwin behi bahi makach mafhemtch
    mafhamtch ma3reftch ma3raftch man3rafch ma3andich ma3ndich m3andich mandich ma3andish n3ref n3raf na3raf
    3awnouni 3awnni 3aweni 3awenni 3awnoni 3aoni 3tini a3tini 3tiwni gouli goli golli 9oli 9olli nhder nahder
    nehder nehdar hder tahder nmchi nemchi mchit nrou7 nrouh nroh njib njibou nakol nakel nakoul nekel n3ich
    n3ish rahom khasni khassni lazem lazmni lazemni kanhder kan9lb kanqalleb nlawej n7awes nhawes nhewes
    mawlid mrid mridh mrida mridha sbitar tbib tbiba doctour psikolog lawra9i lwra9i iqama i9ama kawaghed
    kwaghet karta mdina jami3 bled bladi hokouma 7okouma gharib bo7di bouhdi wahdi w7di wa7di wehdi bwahdi
    kima kifma bach bash bech besh walakin walakine walaken ila lakin blach bla men mnin mnayn elyoum lila
    llila had-lila m3akom 3lik 3liya 3la 3lik fiya fik bik biya liya lik lina likom lihom kol koul kolchi
    koulchi sghar sghir sghira kbir kbira jdid jdida m7taj mehtaj mohtaj nesta7a9 moussa3ada mousa3ada
    musa3ada ma3na mafi mawjoud aywa iyeh ayeh naam na3am ih wakha waha mouchkil mochkil moshkil mochkila
    ydrabni yedrabni ydrbni darbni drabni yqtelni y9telni i9tlni rahou hadak hadouk tanit tani
    """.split()
) - {"chi", "la", "ya", "bla", "had", "men", "ma", "andi", "win", "fin", "fein", "raha", "fik", "dar", "mra",
     "mandich", "ih", "lah", "bash", "lash", "wash", "tani", "dial", "saha", "hada", "ana", "kif", "tawa",
     "bark", "lila", "rah", "hab", "bech", "waha", "yasser", "karta", "kol", "rana", "saken",
     "lina", "lik", "bik", "mli", "wa", "habit", "nti", "nta", "psikolog", "ila", "endi"}  # fmt: skip

# Digits that are digits, not letters: rooms, levels, hours, phone French and English.
LATIN_NUMBER_WORDS = frozenset(
    """
    2eme 3eme 5eme 7eme 9eme 2ieme 3ieme 2nd 2nde 3rd 7th 9th 5th 2e 3e 2m1 a2m1 2main 2mains 7a 2moro 2day
    2nite 2morrow koi2neuf 2min 2mn 5min 3min 2ans 3ans 5ans 7ans 9ans 2mois 3mois 5mois 2jours 3jours 5jours
    2days 3days 5days 2kids 3kids 2euros 5euros 9euros 3euros 2km 3km 5km 7km 2fois 3fois ps5 mp3 mp4 c2s 2pm
    3pm 5pm 7pm 9pm 2am 3am 5am 7am 9am 3mos 2yrs 3yrs 2hrs 3hrs 2heures 3heures gr2 gr3 t2 t3 f2 f3 2vie
    tk2 2pui 2puis depui2 r2d2 covid19 c3 dm2 u2 f5 3g 5g
    """.split()
)

DARIJA_WORDS = frozenset(
    """
    واش شنو شنوا شنوه اشنو كيفاش كيفاه علاش علاه وقتاش فوقاش بزاف برشا ياسر دابا دروك درك توا توه ديال ديالي
    ديالك ديالو تاع تاعي نتاع نتاعي متاع متاعي راني رانا راه راهي راهم حنا نتوما نتا نتي نحب نحبو بغيت بغينا
    باغي باغيه كاين كاينه ماكاش مكاش ماكانش والو شويه شحال بشحال غدوه غدوا اليوما ليوما برا خويا خوتي ختي
    مراتي رجلي وليدي وليداتي ولادي دراري الدراري خدمه الخدمه نخدم فلوس الفلوس ماعنديش معنديش ماعندناش عندنا
    نسكن ساكن نكري الكرا لوراق الوراق لوراقي وراقي وراق كواغط لكواغط عافاك عفاك سمحلي هدرو نهدر هدر تهدر
    نمشي مشيت نروح نجي جيت نقدر منقدرش مانقدرش ماقدرتش خاصني لازمني حوايج بلاصه فين وين منين كيما باش بلا
    مازال هاذ هاذي هذاك هادشي هاد هادي هدا كنقلب كنبغي كنهدر كنعيش كنسكن كنخدم كنت غادي بصح يضربني ضربني
    ماعرفتش معرفتش مافهمتش مفهمتش علابالي كيراك كيداير لاباس ايه ايوه واخا بغا وحدي بوحدي كنبات نبات
    """.split()
) - {"كنت", "وين", "فين", "عندنا", "نسكن", "ساكن", "يضربني", "ضربني", "نقدر", "مشيت", "ايوه", "جيت", "بلا",
     "راه", "نحب", "وحدي", "ايه", "ولادي", "هدا", "خدمه", "الخدمه", "درك"}  # fmt: skip

FR_SMS_WORDS = frozenset(
    """
    slt bjr bsr cc stp svp pk pkoi pq koi kel kelle kelke ki ke kan kand kom komen koman cmt cmnt coman bcp bcq
    tt ts tts tjs tjrs tjr tkt mtn mnt dsl jsuis jsui jss chui chuis jss jai jé jvai jvais jve jveu jveux jv
    jpeu jpeux jpe jsp jspa jsai jsé jrecoi jsavai jetai jétais cest c koi ya yavai yapa nn oe ouai ouais mdr
    ptdr auj ojd ojdui ojourdui jms jamé dja deja deor dehor tro tp tps tmps bb rdv rendev dispo msg num tel
    pr prk ds avc av pdt sv sa fé fai fé vrmt vrmen grv qd qq qqn qqun quelkun kelkun kelkin kelqun qlq qlqn
    aprè apré jcherche jcherch jcomprends jcomprend jcompren jpanse jpense jdois jdoi jtravaille dc donk psk
    pcq paske parske pcke parceke g gè gé vs ns vou nou sui aidé aide moa mwa moua dm dma 2m1 a2m1 pb pblm
    taf taff tafer boulo bolo biz bzr cad grav jarrive jarive jariv boss meuf mec
    """.split()
) - {"ts", "tel", "deja", "tp", "sa", "ya", "dm", "aide", "sui", "g", "av", "pr", "num", "ki", "ke", "kan", "tt",
     "nn", "boss", "mec", "jai", "vou", "nou", "grav", "ns", "vs", "sv", "ds", "kel", "cad", "sv", "bb", "kom",
     "jé", "fé", "gè", "gé", "jsé", "aidé", "aprè", "apré", "jamé", "jétais", "gè", "biz", "c", "msg", "dispo"}  # fmt: skip
