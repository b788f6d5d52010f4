"""The petition of 2018, its letter, and what happened."""

from datetime import date

from .texts import both, paragraphs

PETITION = {
    "title": both(
        "U.S. A.G. Jeff Sessions: Tell US Administration to stop separating immigrant families at "
        "the border",
        "Al procuratore generale Jeff Sessions: dica all’amministrazione USA di smettere di "
        "separare le famiglie immigrate al confine",
    ),
    "slug": both("stop-separating-families", "basta-separare-le-famiglie"),
    "search_description": both(
        "US citizens who live in Italy ask for an end to every policy that separates children "
        "from their families.",
        "I cittadini statunitensi che vivono in Italia chiedono la fine di ogni politica che "
        "separa i bambini dalle loro famiglie.",
    ),
    "organisation": both("US Citizens in Italy"),
    "ask_message": "optional",
    "home_country": "US",
    "ask_home_tie": "optional",
    "ask_home_region": "optional",
    "ask_home_district": "optional",
    "share_text": both(
        "I have signed for the families separated at the US border. Will you?",
        "Ho firmato per le famiglie separate al confine degli Stati Uniti. Firmi anche tu?",
    ),
}

INTRODUCTION = paragraphs(
    both(
        "As US citizens living in Italy, we are profoundly concerned about the Trump "
        "Administration's hard-line immigration policies and are especially disturbed by the "
        '"zero-tolerance" policy of separating children from parents crossing the US border '
        "without documentation.",
        "Come cittadini statunitensi che vivono in Italia, siamo profondamente preoccupati per la "
        "linea dura dell’amministrazione Trump sull’immigrazione, e in particolare ci turba la "
        "politica di «tolleranza zero» che separa i bambini dai genitori che attraversano il "
        "confine degli Stati Uniti senza documenti.",
    ),
    both(
        "We, as well as other US citizens living around the world, want to make our concerns and "
        "wishes known to the United States Attorney General.",
        "Insieme ad altri cittadini statunitensi che vivono nel mondo, vogliamo far conoscere le "
        "nostre preoccupazioni e le nostre richieste al procuratore generale degli Stati Uniti.",
    ),
    both(
        "That's why we've created this petition: to demand an end to all inhumane and "
        "discriminatory immigration policies, regardless of which administration enacted them. We "
        "demand an end to any policy that separates children from their families, and the "
        "immediate reunification of separated children with their families.",
        "Per questo abbiamo creato questa petizione: per chiedere la fine di tutte le politiche "
        "migratorie disumane e discriminatorie, qualunque amministrazione le abbia introdotte. "
        "Chiediamo la fine di ogni politica che separa i bambini dalle loro famiglie, e che i "
        "bambini separati tornino subito dalle loro famiglie.",
    ),
)

RECIPIENTS = [
    {
        "name": both("Jefferson Beauregard Sessions III"),
        "office": both("United States Attorney General", "Procuratore generale degli Stati Uniti"),
        "role": "to",
    },
    {
        "name": both("Michael T McCaul Sr"),
        "office": both(
            "House Homeland Security Committee",
            "Commissione per la sicurezza interna della Camera dei rappresentanti",
        ),
        "role": "cc",
    },
    {
        "name": both("Senator Ron Johnson", "Senatore Ron Johnson"),
        "office": both(
            "Senate Homeland Security and Governmental Affairs Committee",
            "Commissione del Senato per la sicurezza interna e gli affari governativi",
        ),
        "role": "cc",
    },
]

LETTER = paragraphs(
    both(
        "We U.S. citizens in Italy oppose the U.S. government's cruel, inhumane and unjustified "
        "separation of children from their parents along the U.S. border with Mexico and at other "
        "ports of entry into the U.S. We protest the conditions in which these children and their "
        "parents are kept. We protest the irreversible trauma that is being perpetrated against "
        "people who are simply seeking a better life and in many cases fleeing serious "
        "persecution.",
        "Noi, cittadini statunitensi in Italia, ci opponiamo alla separazione crudele, disumana e "
        "ingiustificata dei bambini dai loro genitori, attuata dal governo degli Stati Uniti lungo "
        "il confine con il Messico e negli altri punti di ingresso nel Paese. Protestiamo contro "
        "le condizioni in cui questi bambini e i loro genitori vengono tenuti. Protestiamo contro "
        "il trauma irreversibile inflitto a persone che cercano semplicemente una vita migliore e "
        "che in molti casi fuggono da gravi persecuzioni.",
    ),
    both(
        "To separate immigrant families in this manner is both immoral and illegal. Children as "
        "young as 18 months are torn from their mothers’ arms by the U.S. government for the "
        "express purpose of deterring others from crossing the border. In this way, families that "
        "have faced persecution and other extreme harm are being victimized again by the "
        "government to which they turn for help. We oppose the inhumane policies of the Trump "
        "Administration’s Department of Justice and Department of Homeland Security and we call "
        "for immediate reform.",
        "Separare in questo modo le famiglie immigrate è immorale e illegale. Il governo degli "
        "Stati Uniti strappa dalle braccia delle madri bambini di appena 18 mesi, con lo scopo "
        "dichiarato di dissuadere altri dall’attraversare il confine. Così famiglie che hanno già "
        "subito persecuzioni e altre violenze estreme diventano vittime una seconda volta, per "
        "mano del governo a cui chiedono aiuto. Ci opponiamo alle politiche disumane del "
        "Dipartimento di Giustizia e del Dipartimento per la Sicurezza Interna "
        "dell’amministrazione Trump, e ne chiediamo la riforma immediata.",
    ),
    both(
        "The Trump Administration's conduct is a huge stain on the United States, a democracy "
        "founded and built by immigrants. It is a stain on U.S. citizens living abroad, and it is "
        "now a threat to the lives and safety of millions of immigrant children. What the Trump "
        "Administration is doing, with the cooperation of Immigration and Customs Enforcement "
        "(ICE) and Customs and Border Protection (CBP) agents, is a crisis of massive "
        "proportions. Its “zero tolerance” policy, under which all adults entering without "
        "documents are prosecuted in mass criminal trials and accompanying children are taken "
        "from them as a deterrent, violates not only the U.S. Constitution but also international "
        "law. It runs totally counter to guidance from the Office of the United Nations High "
        "Commissioner for Human Rights and the United Nations High Commissioner for Refugees. It "
        "has been rightly decried by Amnesty International and numerous other organizations. The "
        "Trump Administration has done nothing to address the serious humanitarian and legal "
        "concerns. Instead it continues to escalate the policy of separating immigrant families, "
        "while also sowing lies and confusion in the public debate.",
        "Il comportamento dell’amministrazione Trump è un’enorme macchia sugli Stati Uniti, una "
        "democrazia fondata e costruita da immigrati. È una macchia sui cittadini statunitensi "
        "che vivono all’estero, ed è ormai una minaccia per la vita e la sicurezza di milioni di "
        "bambini immigrati. Ciò che l’amministrazione Trump sta facendo, con la collaborazione "
        "degli agenti dell’Immigration and Customs Enforcement (ICE) e della Customs and Border "
        "Protection (CBP), è una crisi di proporzioni gigantesche. La sua politica di «tolleranza "
        "zero», per cui tutti gli adulti che entrano senza documenti vengono processati in massa "
        "e i bambini che li accompagnano vengono loro sottratti come deterrente, viola non solo "
        "la Costituzione degli Stati Uniti ma anche il diritto internazionale. È del tutto "
        "contraria alle indicazioni dell’Alto Commissariato delle Nazioni Unite per i diritti "
        "umani e dell’Alto Commissariato delle Nazioni Unite per i rifugiati. È stata giustamente "
        "condannata da Amnesty International e da numerose altre organizzazioni. "
        "L’amministrazione Trump non ha fatto nulla per affrontare le gravi questioni umanitarie "
        "e giuridiche. Continua invece a inasprire la politica di separazione delle famiglie "
        "immigrate, seminando anche menzogne e confusione nel dibattito pubblico.",
    ),
    both(
        "Many of us are ourselves immigrants in Italy. Many of us are the sons or daughters of "
        "immigrants in the U.S. We are disgusted by the dehumanizing rhetoric President Trump "
        "uses against immigrant people. We demand that the Trump Administration stop using "
        "immigrant children as bargaining chips. We denounce all inhumane and discriminatory "
        "immigration policies of the Trump Administration, and also abusive policies implemented "
        "by past U.S. administrations.",
        "Molti di noi sono a loro volta immigrati in Italia. Molti di noi sono figli o figlie di "
        "immigrati negli Stati Uniti. Siamo disgustati dalla retorica disumanizzante che il "
        "presidente Trump usa contro le persone immigrate. Chiediamo che l’amministrazione Trump "
        "smetta di usare i bambini immigrati come merce di scambio. Denunciamo tutte le politiche "
        "migratorie disumane e discriminatorie dell’amministrazione Trump, e anche quelle "
        "vessatorie attuate dalle amministrazioni precedenti.",
    ),
    both(
        "We demand that the U.S. Department of Justice and Department of Homeland Security "
        "IMMEDIATELY stop the implementation of any policy that separates children from their "
        "families, that the Administration ensure the well-being of children in its custody, and "
        "that it immediately start reuniting the separated children with their families.",
        "Chiediamo che il Dipartimento di Giustizia e il Dipartimento per la Sicurezza Interna "
        "degli Stati Uniti cessino IMMEDIATAMENTE di attuare qualsiasi politica che separi i "
        "bambini dalle loro famiglie, che l’amministrazione garantisca il benessere dei bambini "
        "sotto la sua custodia, e che cominci subito a ricongiungere i bambini separati con le "
        "loro famiglie.",
    ),
)


def _event(day, title, text, source=""):
    return {
        "date": day,
        "precision": "day",
        "title": title,
        "text": paragraphs(text),
        "source": source,
    }


TIMELINE = {
    "heading": both("What happened", "Che cosa è successo"),
    "order": "oldest",
    "events": [
        _event(
            date(2018, 4, 6),
            both("The zero-tolerance memorandum", "Il memorandum della «tolleranza zero»"),
            both(
                "The Attorney General tells the prosecutors along the border with Mexico to "
                "charge everybody who crosses it without documents.",
                "Il procuratore generale ordina alle procure lungo il confine con il Messico di "
                "incriminare chiunque lo attraversi senza documenti.",
            ),
            "https://www.justice.gov/opa/pr/"
            "attorney-general-announces-zero-tolerance-policy-criminal-illegal-entry",
        ),
        _event(
            date(2018, 5, 7),
            both(
                "The separation of families is announced",
                "Annunciata la separazione delle famiglie",
            ),
            both(
                "In a speech near the border the Attorney General says that children who come "
                "with their parents will be separated from them.",
                "In un discorso vicino al confine il procuratore generale dice che i bambini che "
                "arrivano con i genitori saranno separati da loro.",
            ),
            "https://www.justice.gov/opa/speech/attorney-general-sessions-delivers-remarks-"
            "discussing-immigration-enforcement-actions",
        ),
        _event(
            date(2018, 6, 20),
            both("Executive order 13841", "Ordine esecutivo 13841"),
            both(
                "After protests in the whole world the President orders that families be "
                "detained together. About children already separated the order says nothing.",
                "Dopo le proteste in tutto il mondo il presidente ordina che le famiglie siano "
                "trattenute insieme. Dei bambini già separati l’ordine non parla.",
            ),
            "https://www.federalregister.gov/documents/2018/06/25/2018-13696/"
            "affording-congress-an-opportunity-to-address-family-separation",
        ),
        _event(
            date(2018, 6, 26),
            both("Injunction in Ms. L. v. ICE", "Ingiunzione nella causa Ms. L. contro ICE"),
            both(
                "A federal court in San Diego forbids the separations, and gives the government "
                "30 days to reunite the families.",
                "Un tribunale federale di San Diego vieta le separazioni e dà al governo 30 "
                "giorni per riunire le famiglie.",
            ),
            "https://www.aclu.org/cases/ms-l-v-ice",
        ),
        _event(
            date(2018, 7, 26),
            both("The court’s deadline passes", "Scade il termine fissato dal tribunale"),
            both(
                "Hundreds of children are still apart from their parents.",
                "Centinaia di bambini sono ancora lontani dai loro genitori.",
            ),
        ),
    ],
}

BACKGROUND = {
    "heading": both("Background", "Per saperne di più"),
    "links": [
        {
            "title": both(
                "Recent timeline of events and background links",
                "Cronologia degli eventi recenti e link di approfondimento",
            ),
            "url": "https://docs.google.com/document/d/1Eoc6DX6BiIaf4g7vGx-j7Pchx-T-S_tN6A-SFPc7SQ4",
            "description": both(
                "A document kept by the organisers", "Un documento curato dagli organizzatori"
            ),
        }
    ],
}

SPONSORS = [{"name": both("US citizens in Italy")}]


def petition_fields():
    """The fields of the petition page."""
    return {
        **PETITION,
        "introduction": INTRODUCTION,
        "recipients": [("recipient", value) for value in RECIPIENTS],
        "letter": LETTER,
        "body": [("timeline", TIMELINE), ("links", BACKGROUND)],
        "sponsors": [("sponsor", value) for value in SPONSORS],
    }
