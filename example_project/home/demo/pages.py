"""What the organisation's own pages say."""

from .texts import both, bullets, heading, paragraphs

HOME = {
    "title": both("Home", "Pagina iniziale"),
    "slug": both("home", "home-it"),
    "seo_title": both("Welcome", "Benvenuti"),
    "search_description": both(
        "Americans who live in Italy and want to be heard at home.",
        "Americani che vivono in Italia e vogliono farsi sentire in patria.",
    ),
    "strapline": both(
        "Living in Italy, voting in America", "Viviamo in Italia, votiamo in America"
    ),
    "introduction": paragraphs(
        both(
            "We are teachers and engineers, students and grandparents, in Rome, Florence, Milan "
            "and a hundred smaller places. What our government does concerns us wherever we are.",
            "Siamo insegnanti e ingegneri, studenti e nonni, a Roma, Firenze, Milano e in cento "
            "luoghi più piccoli. Quello che fa il nostro governo ci riguarda ovunque siamo.",
        ),
        both(
            "We meet once a month, help each other to register and vote from abroad, and write "
            "to those who govern in our name.",
            "Ci incontriamo una volta al mese, ci aiutiamo a iscriverci alle liste elettorali e a "
            "votare dall’estero, e scriviamo a chi governa in nostro nome.",
        ),
    ),
    "petitions_heading": both("Petitions", "Petizioni"),
}

ABOUT = {
    "title": both("About us", "Chi siamo"),
    "slug": both("about", "chi-siamo"),
    "show_in_menus": True,
    "body": paragraphs(
        both(
            "US Citizens in Italy is a group of volunteers. We belong to no party and take no "
            "money from any.",
            "US Citizens in Italy è un gruppo di volontari. Non apparteniamo a nessun partito e "
            "non prendiamo soldi da nessuno di essi.",
        ),
    )
    + heading(both("What we do", "Che cosa facciamo"))
    + bullets(
        both(
            "We meet on the first Thursday of each month, in Rome, Florence and Milan.",
            "Ci incontriamo il primo giovedì di ogni mese, a Roma, Firenze e Milano.",
        ),
        both(
            "We help Americans abroad to register and to ask for their ballot in time.",
            "Aiutiamo gli americani all’estero a iscriversi e a chiedere in tempo la scheda.",
        ),
        both(
            "We write petitions, collect signatures, and hand them over.",
            "Scriviamo petizioni, raccogliamo firme e le consegniamo.",
        ),
    )
    + heading(both("How to reach us", "Come contattarci"))
    + paragraphs(
        both(
            "Write to hello@uscitizensinitaly.example. One of us answers, usually within a week.",
            "Scrivete a hello@uscitizensinitaly.example. Risponde uno di noi, di solito entro una "
            "settimana.",
        )
    ),
}

PRIVACY = {
    "title": both("Privacy", "Privacy"),
    "slug": both("privacy", "informativa"),
    "show_in_menus": True,
    "body": paragraphs(
        both(
            "This site sets no cookies on visitors, counts no visits and loads nothing from "
            "other sites.",
            "Questo sito non usa cookie per i visitatori, non conta le visite e non carica nulla "
            "da altri siti.",
        ),
    )
    + heading(both("If you sign a petition", "Se firmate una petizione"))
    + paragraphs(
        both(
            "A signature shows a political opinion. We ask for your consent, keep your name, "
            "e-mail address and country, hand your name and country to the people the petition "
            "is addressed to, and use them for nothing else.",
            "Una firma rivela un’opinione politica. Vi chiediamo il consenso, conserviamo nome, "
            "indirizzo e-mail e Paese, consegniamo nome e Paese ai destinatari della petizione e "
            "non li usiamo per nient’altro.",
        ),
        both(
            "Each mail from us has a link by which you can see what we keep, hide your name, or "
            "withdraw: then your data is erased at once. Otherwise it is erased six months after "
            "the petition ends.",
            "Ogni nostra e-mail contiene un link con cui potete vedere che cosa conserviamo, "
            "nascondere il vostro nome o ritirare la firma: in tal caso i dati vengono cancellati "
            "subito. Altrimenti vengono cancellati sei mesi dopo la fine della petizione.",
        ),
    ),
}
