<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="nn" sourcelanguage="en">
<context>
    <name>Aid</name>
    <message>
        <source>Only real units are known, and this alarm is an exercise.</source>
        <translation>Berre ekte einingar er kjende, og denne alarmen er øving.</translation>
    </message>
    <message>
        <source>Only an exercise&apos;s units are known, and this alarm is real.</source>
        <translation>Berre øvingseiningar er kjende, og denne alarmen er ekte.</translation>
    </message>
    <message>
        <source>All others have an alarm of their own.</source>
        <translation>Alle andre har ein eigen alarm.</translation>
    </message>
</context>
<context>
    <name>AidPage</name>
    <message>
        <source>place not known</source>
        <translation>stad ukjend</translation>
    </message>
    <message>
        <source>{0} km</source>
        <translation>{0} km</translation>
    </message>
    <message>
        <source>SENT</source>
        <translation>SENDT</translation>
    </message>
    <message>
        <source>The alarm is closed</source>
        <translation>Alarmen er avslutta</translation>
    </message>
    <message>
        <source>Help to {0}</source>
        <translation>Hjelp til {0}</translation>
    </message>
    <message>
        <source>Nobody knows where it is</source>
        <translation>Ingen veit kvar den er</translation>
    </message>
    <message>
        <source>Called out: {0}</source>
        <translation>Kalla ut: {0}</translation>
    </message>
    <message>
        <source>Safety alarm {0}, {1}: go there and help</source>
        <translation>Sikkerheitsalarm {0}, {1}: køyr dit og hjelp til</translation>
    </message>
    <message>
        <source>Noted</source>
        <translation>Notert</translation>
    </message>
    <message>
        <source>This could not be kept, not even on this machine&apos;s disk. Say it by voice.</source>
        <translation>Dette kunne ikkje lagrast, heller ikkje på disken i denne maskina. Sei det på samband.</translation>
    </message>
    <message>
        <source>To be sent: {0}</source>
        <translation>Skal sendast: {0}</translation>
    </message>
    <message>
        <source>Nobody is chosen</source>
        <translation>Ingen er vald</translation>
    </message>
    <message>
        <source>Who is sent is called out, and is noted with the alarm.</source>
        <translation>Den som blir send, blir kalla ut og notert på alarmen.</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>vald</translation>
    </message>
    <message>
        <source>Help to an alarm</source>
        <translation>Hjelp til ein alarm</translation>
    </message>
    <message>
        <source>On the map</source>
        <translation>På kartet</translation>
    </message>
    <message>
        <source>Show the alarm on the map</source>
        <translation>Vis alarmen på kartet</translation>
    </message>
    <message>
        <source>Conference</source>
        <translation>Konferanse</translation>
    </message>
    <message>
        <source>The doctor on duty and this unit, in a group</source>
        <translation>Lege i vakt og denne eininga, i ei talegruppe</translation>
    </message>
    <message>
        <source>Who can be sent, the nearest that are free first</source>
        <translation>Kven som kan sendast, dei næraste ledige først</translation>
    </message>
    <message>
        <source>Where to go, where to hold; or what to remember</source>
        <translation>Kvar dei skal, kvar dei skal vente; eller noko å hugse</translation>
    </message>
    <message>
        <source>Send help</source>
        <translation>Send hjelp</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Noter</translation>
    </message>
    <message>
        <source>Note it with the alarm</source>
        <translation>Noter det på alarmen</translation>
    </message>
    <message>
        <source>Units unknown</source>
        <translation>Einingar ukjende</translation>
    </message>
    <message>
        <source>No units to send</source>
        <translation>Ingen einingar å sende</translation>
    </message>
    <message>
        <source>Units appear here when the site tells of them.</source>
        <translation>Einingar kjem hit når sentralen fortel om dei.</translation>
    </message>
</context>
<context>
    <name>AlarmBand</name>
    <message>
        <source>{0} more</source>
        <translation>{0} til</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Kvitter</translation>
    </message>
</context>
<context>
    <name>AlarmCard</name>
    <message>
        <source>Acknowledge</source>
        <translation>Kvitter</translation>
    </message>
    <message>
        <source>Acknowledge the alarm of {0}</source>
        <translation>Kvitter alarmen frå {0}</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Ta over</translation>
    </message>
    <message>
        <source>Take over the alarm of {0}</source>
        <translation>Ta over alarmen frå {0}</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Vis</translation>
    </message>
    <message>
        <source>Show {0} on the map</source>
        <translation>Vis {0} i kartet</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Avslutt</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hjelp</translation>
    </message>
    <message>
        <source>Send help to {0}, or note something</source>
        <translation>Send hjelp til {0}, eller noter noko</translation>
    </message>
    <message>
        <source>Close the alarm of {0}</source>
        <translation>Avslutt alarmen frå {0}</translation>
    </message>
    <message>
        <source>Was real</source>
        <translation>Reell</translation>
    </message>
    <message>
        <source>False press</source>
        <translation>Utløyst ved feil</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Back, don&apos;t close it</source>
        <translation>Tilbake, ikkje avslutt</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Noter</translation>
    </message>
    <message>
        <source>Note something about {0}</source>
        <translation>Noter noko om {0}</translation>
    </message>
    <message>
        <source>What to remember. Enter keeps it, Esc leaves it</source>
        <translation>Kva må hugsast? Enter noterer, Esc avbryt</translation>
    </message>
    <message>
        <source>Others must answer</source>
        <translation>Andre må svare</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop the replay</source>
        <translation>Stopp avspelinga</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Lytt</translation>
    </message>
    <message>
        <source>Hear what the open microphone of {0} said</source>
        <translation>Høyr kva den opne mikrofonen til {0} sa</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Tek opp</translation>
    </message>
    <message>
        <source>Nothing has been said yet; what {0} says is being kept</source>
        <translation>Ingenting er sagt enno; det {0} seier, blir teke opp</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Ikkje enno</translation>
    </message>
    <message>
        <source>What somebody has begun to say is there when it has ended</source>
        <translation>Det nokon har byrja å seie, er her når det er slutt</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>Utan opptak</translation>
    </message>
    <message>
        <source>Nothing that was said around the alarm of {0} is kept</source>
        <translation>Ingenting av det som vart sagt rundt alarmen til {0}, er teke opp</translation>
    </message>
    <message>
        <source>More is being kept now</source>
        <translation>Meir blir teke opp no</translation>
    </message>
    <message>
        <source>Recording at {0}; here is heard what this desk heard itself</source>
        <translation>Opptaket er hos {0}; her høyrest det denne plassen sjølv høyrde</translation>
    </message>
    <message>
        <source>EXERCISE – SAFETY ALARM</source>
        <translation>ØVING – SIKKERHEITSALARM</translation>
    </message>
    <message>
        <source>SAFETY ALARM</source>
        <translation>SIKKERHEITSALARM</translation>
    </message>
    <message>
        <source>ESCALATED – nobody has answered for {0}</source>
        <translation>VARSLA VIDARE – ingen har svart på {0}</translation>
    </message>
    <message>
        <source>EXERCISE – ALARM</source>
        <translation>ØVING – ALARM</translation>
    </message>
    <message>
        <source>ALARM</source>
        <translation>ALARM</translation>
    </message>
    <message>
        <source>escalated {0}</source>
        <translation>varsla vidare {0}</translation>
    </message>
    <message>
        <source>unacknowledged {0}</source>
        <translation>ukvittert {0}</translation>
    </message>
    <message>
        <source>reopened {0} by {1}</source>
        <translation>opna på nytt {0} av {1}</translation>
    </message>
    <message>
        <source>with {0}, {1}</source>
        <translation>hos {0}, {1}</translation>
    </message>
    <message>
        <source>acknowledged {0} by {1}</source>
        <translation>kvittert {0} av {1}</translation>
    </message>
    <message>
        <source>acknowledging, no answer yet</source>
        <translation>kvitterer, ventar på svar</translation>
    </message>
    <message>
        <source>taking over, no answer yet</source>
        <translation>tek over, ventar på svar</translation>
    </message>
    <message>
        <source>closing, no answer yet</source>
        <translation>avsluttar, ventar på svar</translation>
    </message>
    <message>
        <source>reopening, no answer yet</source>
        <translation>opnar på nytt, ventar på svar</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>ventar på svar</translation>
    </message>
    <message>
        <source>Sent: {0}</source>
        <translation>Sendt: {0}</translation>
    </message>
    <message>
        <source>Note: {0}</source>
        <translation>Notat: {0}</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>Hos {0}</translation>
    </message>
    <message>
        <source>Recording at {0}</source>
        <translation>Opptak hos {0}</translation>
    </message>
    <message>
        <source>{0} is not confirmed</source>
        <translation>{0} er ikkje stadfesta</translation>
    </message>
    <message>
        <source>Came {0}. The sender&apos;s clock is wrong</source>
        <translation>Kom {0}. Klokka til avsendaren går feil</translation>
    </message>
    <message>
        <source>Raised {0}, came {1}</source>
        <translation>Utløyst {0}, kom hit {1}</translation>
    </message>
    <message>
        <source>position {0} old</source>
        <translation>posisjon {0} gammal</translation>
    </message>
</context>
<context>
    <name>AlarmPanel</name>
    <message>
        <source>{0} alarms, {1} unacknowledged</source>
        <translation>{0} alarmar, {1} ukvittert</translation>
    </message>
</context>
<context>
    <name>AlarmSoundBar</name>
    <message>
        <source>The alarm sounds.</source>
        <translation>Alarmen lyder.</translation>
    </message>
    <message>
        <source>Alarm sound paused, {0}</source>
        <translation>Alarmlyd på pause, {0}</translation>
    </message>
    <message>
        <source>Sound again</source>
        <translation>Lyd igjen</translation>
    </message>
    <message>
        <source>Pause sound</source>
        <translation>Pause lyd</translation>
    </message>
</context>
<context>
    <name>AlarmWords</name>
    <message>
        <source>was real</source>
        <translation>var reell</translation>
    </message>
    <message>
        <source>false press</source>
        <translation>utløyst ved feil</translation>
    </message>
    <message>
        <source>test</source>
        <translation>prøve</translation>
    </message>
</context>
<context>
    <name>AskBar</name>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ikkje no</translation>
    </message>
</context>
<context>
    <name>Beyond</name>
    <message>
        <source>Alarm outside of what the map shows. Press to see it.</source>
        <translation>Alarm utanfor det kartet viser. Trykk for å sjå han.</translation>
    </message>
    <message>
        <source>Acknowledged alarm below something on the map. Press to see it.</source>
        <translation>Kvittert alarm under noko på kartet. Trykk for å sjå han.</translation>
    </message>
</context>
<context>
    <name>CallBar</name>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>It rings there</source>
        <translation>Det ringjer der</translation>
    </message>
    <message>
        <source>The other end talks</source>
        <translation>Den andre snakkar</translation>
    </message>
    <message>
        <source>In a call</source>
        <translation>I samtale</translation>
    </message>
    <message>
        <source>You are muted</source>
        <translation>Du er dempa</translation>
    </message>
    <message>
        <source>You are not heard: {0}</source>
        <translation>Du blir ikkje høyrd: {0}</translation>
    </message>
    <message>
        <source>You are heard</source>
        <translation>Du blir høyrd</translation>
    </message>
    <message>
        <source>Opening the microphone …</source>
        <translation>Opnar mikrofonen …</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Slå på</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Demp</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Hald for å snakke</translation>
    </message>
    <message>
        <source>Give up</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Legg på</translation>
    </message>
</context>
<context>
    <name>Calls</name>
    <message>
        <source>the sound engine does not answer</source>
        <translation>lydmotoren svarar ikkje</translation>
    </message>
    <message>
        <source>the sound engine has stopped</source>
        <translation>lydmotoren har stoppa</translation>
    </message>
</context>
<context>
    <name>CallsPage</name>
    <message>
        <source>NOT HEARD</source>
        <translation>IKKJE HØYRT</translation>
    </message>
    <message>
        <source>Kept calls in {0}</source>
        <translation>Anrop i {0}</translation>
    </message>
    <message>
        <source>Kept calls, all groups</source>
        <translation>Anrop i alle grupper</translation>
    </message>
    <message>
        <source>Give your name above first: whoever takes a call out is noted.</source>
        <translation>Skriv namnet ditt øvst først: Det blir notert kven som tek ut eit anrop.</translation>
    </message>
    <message>
        <source>Who saves a call as a file is noted: {0}.</source>
        <translation>Det blir notert kven som lagrar eit anrop som fil: {0}.</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Lagra: {0}</translation>
    </message>
    <message>
        <source>{0} was not saved: {1}</source>
        <translation>{0} vart ikkje lagra: {1}</translation>
    </message>
    <message>
        <source>Saving {0} …</source>
        <translation>Lagrar {0} …</translation>
    </message>
    <message>
        <source>Kept calls</source>
        <translation>Anrop som er tekne vare på</translation>
    </message>
    <message>
        <source>Kept calls, newest first</source>
        <translation>Anrop som er tekne vare på, nyaste først</translation>
    </message>
    <message>
        <source>Save as file …</source>
        <translation>Lagre som fil …</translation>
    </message>
    <message>
        <source>Save the chosen call as a file</source>
        <translation>Lagre det valde anropet som fil</translation>
    </message>
    <message>
        <source>Older</source>
        <translation>Eldre</translation>
    </message>
    <message>
        <source>Show older calls</source>
        <translation>Vis eldre anrop</translation>
    </message>
    <message>
        <source>Newer</source>
        <translation>Nyare</translation>
    </message>
    <message>
        <source>Show newer calls</source>
        <translation>Vis nyare anrop</translation>
    </message>
    <message>
        <source>No calls are kept here</source>
        <translation>Ingen anrop er tekne vare på her</translation>
    </message>
    <message>
        <source>What is said is kept for as long as the menu says, then deleted.</source>
        <translation>Alt som blir sagt, blir lagra så lenge menyen seier, og så sletta.</translation>
    </message>
</context>
<context>
    <name>CodeBar</name>
    <message>
        <source>The code that {0} shows for this desk:</source>
        <translation>Koden som {0} viser for denne plassen:</translation>
    </message>
    <message>
        <source>Asking {0} …</source>
        <translation>Spør {0} …</translation>
    </message>
    <message>
        <source>{0} did not take that code. Another try:</source>
        <translation>{0} godtok ikkje koden. Nytt forsøk:</translation>
    </message>
    <message>
        <source>No code is open at {0}: have one made there.</source>
        <translation>Ingen kode er open hos {0}: få laga ein der.</translation>
    </message>
    <message>
        <source>That code was not for a desk. Another one:</source>
        <translation>Den koden var ikkje for ein operatørplass. Ein annan:</translation>
    </message>
    <message>
        <source>Too many tries: wait a minute.</source>
        <translation>For mange forsøk: vent eitt minutt.</translation>
    </message>
    <message>
        <source>A code has eight letters and figures, none of 0, O, 1, I:</source>
        <translation>Ein kode har åtte bokstavar og tal, ingen av 0, O, 1, I:</translation>
    </message>
    <message>
        <source>That did not work. Another try:</source>
        <translation>Det gjekk ikkje. Nytt forsøk:</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>The sound engine is not there yet.</source>
        <translation>Lydmotoren er ikkje på plass enno.</translation>
    </message>
    <message>
        <source>the sound engine is gone</source>
        <translation>lydmotoren er borte</translation>
    </message>
    <message>
        <source>No microphone is chosen: choose one in the menu.</source>
        <translation>Ingen mikrofon er vald: vel ein i menyen.</translation>
    </message>
    <message>
        <source>The microphone does not work: see the menu.</source>
        <translation>Mikrofonen verkar ikkje: sjå i menyen.</translation>
    </message>
    <message>
        <source>the group is not heard here</source>
        <translation>gruppa blir ikkje høyrd her</translation>
    </message>
    <message>
        <source>it is sent to single receivers, not to a group</source>
        <translation>den blir send til enkeltmottakarar, ikkje til ei gruppe</translation>
    </message>
    <message>
        <source>only its own station is heard there</source>
        <translation>berre eigen stasjon blir høyrd der</translation>
    </message>
    <message>
        <source>its station does not speak Opus</source>
        <translation>stasjonen bruker ikkje Opus</translation>
    </message>
</context>
<context>
    <name>DeskHands</name>
    <message>
        <source>You are talking: let the talk key go first.</source>
        <translation>Du snakkar: slepp taletasten først.</translation>
    </message>
    <message>
        <source>The talk key talks in {0} now.</source>
        <translation>Taletasten snakkar i {0} no.</translation>
    </message>
    <message>
        <source>Before: {0}.</source>
        <translation>Før: {0}.</translation>
    </message>
    <message>
        <source>{0} is not heard here, so it can&apos;t be followed.</source>
        <translation>{0} er ikkje høyrd her og kan ikkje følgjast.</translation>
    </message>
    <message>
        <source>Nobody is talking now: nothing to follow.</source>
        <translation>Ingen snakkar no: det er ingenting å følgje.</translation>
    </message>
    <message>
        <source>Called out: {0}</source>
        <translation>Kalla ut: {0}</translation>
    </message>
    <message>
        <source>Called off: {0}</source>
        <translation>Avlyst: {0}</translation>
    </message>
    <message>
        <source>{0} could not be called off: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} kunne ikkje avlysast: det kan ikkje lagrast. Sei det over samband.</translation>
    </message>
    <message>
        <source>That call has ended. F11 again hangs up the one you are in.</source>
        <translation>Det anropet er slutt. F11 ein gong til legg på samtalen du er i.</translation>
    </message>
    <message>
        <source>There is no call to talk in: this button talks in calls alone.</source>
        <translation>Ingen samtale å snakke i: denne knappen snakkar berre i samtalar.</translation>
    </message>
    <message>
        <source>Removed: {0}, {1}</source>
        <translation>Fjerna: {0}, {1}</translation>
    </message>
    <message>
        <source>The pedal was unplugged. Talk with the space bar.</source>
        <translation>Pedalen vart dregen ut. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>The pedal is removed. Talk with the space bar.</source>
        <translation>Pedalen er fjerna. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>The pedal is stuck: let it go. Talk with the space bar.</source>
        <translation>Pedalen heng: slepp han. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>The pedal does not answer. Talk with the space bar.</source>
        <translation>Pedalen svarar ikkje. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>CLOSED</source>
        <translation>LUKKA</translation>
    </message>
    <message>
        <source>{0} is selected: the talk key talks there already.</source>
        <translation>{0} er vald: taletasten snakkar alt der.</translation>
    </message>
    <message>
        <source>A button is being chosen: nothing is sent meanwhile.</source>
        <translation>Ein knapp blir vald: ingenting blir sendt imens.</translation>
    </message>
    <message>
        <source>Select a talkgroup first: click it or press its number.</source>
        <translation>Vel ei talegruppe først: klikk på den eller trykk talet.</translation>
    </message>
    <message>
        <source>{0} is not heard here: nothing can be sent there.</source>
        <translation>{0} blir ikkje høyrd her: du kan ikkje sende dit.</translation>
    </message>
    <message>
        <source>A menu was open, and nothing was sent. Press again to talk.</source>
        <translation>Ein meny var open, så ingenting blei sendt. Trykk igjen for å snakke.</translation>
    </message>
    <message>
        <source>You were typing: that key did nothing. Press Esc first.</source>
        <translation>Du skreiv: tasten gjorde ingenting. Trykk Esc først.</translation>
    </message>
</context>
<context>
    <name>DeskPanels</name>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>Units and log</source>
        <translation>Einingar og logg</translation>
    </message>
</context>
<context>
    <name>DeskWindow</name>
    <message>
        <source>Call: {0}</source>
        <translation>Samtale: {0}</translation>
    </message>
    <message>
        <source>A safety alarm: listen. Press again to talk.</source>
        <translation>Sikkerheitsalarm: lytt. Trykk igjen for å snakke.</translation>
    </message>
    <message>
        <source>CLOSED</source>
        <translation>LUKKA</translation>
    </message>
    <message>
        <source>({0} ALARM) </source>
        <translation>({0} ALARM) </translation>
    </message>
    <message>
        <source>This window holds no more than {0} %.</source>
        <translation>Dette vindauget rommar ikkje meir enn {0} %.</translation>
    </message>
</context>
<context>
    <name>DetachButton</name>
    <message>
        <source>To a window of its own</source>
        <translation>Til eit eige vindauge</translation>
    </message>
    <message>
        <source>Back into the desk&apos;s window</source>
        <translation>Tilbake i hovudvindauget</translation>
    </message>
</context>
<context>
    <name>DiagnosticsPage</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopier</translation>
    </message>
    <message>
        <source>Copy the figures as text</source>
        <translation>Kopier tala som tekst</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnostikk</translation>
    </message>
    <message>
        <source>Diagnostics of site and sound</source>
        <translation>Diagnose av sentral og lyd</translation>
    </message>
    <message>
        <source>Streams, and how they come in</source>
        <translation>Straumar, og korleis dei kjem inn</translation>
    </message>
    <message>
        <source>Nothing is heard</source>
        <translation>Ingenting blir høyrt</translation>
    </message>
    <message>
        <source>Figures stand here as soon as the sound engine listens to a stream.</source>
        <translation>Tala står her så snart lydmotoren lyttar til ein straum.</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Lyd</translation>
    </message>
    <message>
        <source>Ten minutes of sound and processor</source>
        <translation>Ti minutt av lyd og prosessor</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Sentral</translation>
    </message>
    <message>
        <source>Ten minutes of the link to the site</source>
        <translation>Ti minutt av sambandet til sentralen</translation>
    </message>
</context>
<context>
    <name>DialBar</name>
    <message>
        <source>Call {0}</source>
        <translation>Ring {0}</translation>
    </message>
    <message>
        <source> (↓: {0} more)</source>
        <translation> (↓: {0} til)</translation>
    </message>
    <message>
        <source>Nobody here is called so.</source>
        <translation>Ingen her heiter det.</translation>
    </message>
    <message>
        <source>Call whom? A call sign, a desk or a person.</source>
        <translation>Ringje kven? Kallesignal, plass eller person.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ikkje no</translation>
    </message>
    <message>
        <source>As a telephone</source>
        <translation>Som telefon</translation>
    </message>
    <message>
        <source>With talk key</source>
        <translation>Med taletast</translation>
    </message>
</context>
<context>
    <name>DoneBar</name>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
</context>
<context>
    <name>DutyLine</name>
    <message>
        <source>Who is on duty is unknown</source>
        <translation>Det er ukjent kven som har vakt</translation>
    </message>
    <message>
        <source>Nobody is listed as on duty</source>
        <translation>Ingen er ført opp på vakt</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>til {0}</translation>
    </message>
</context>
<context>
    <name>DutyPage</name>
    <message>
        <source>until {0}</source>
        <translation>til {0}</translation>
    </message>
    <message>
        <source>Write what they are on duty as, and their name.</source>
        <translation>Skriv kva vakta gjeld, og namnet.</translation>
    </message>
    <message>
        <source>No radio is called {0}.</source>
        <translation>Ingen radio heiter {0}.</translation>
    </message>
    <message>
        <source>A telephone number has figures and spaces, and perhaps + before them.</source>
        <translation>Eit telefonnummer har tal og mellomrom, og kanskje + framføre.</translation>
    </message>
    <message>
        <source>Write a radio&apos;s call sign or a telephone number.</source>
        <translation>Skriv kallesignalet til ein radio eller eit telefonnummer.</translation>
    </message>
    <message>
        <source>Write for how many hours, 1 to 72.</source>
        <translation>Skriv kor mange timar, 1 til 72.</translation>
    </message>
    <message>
        <source>On duty: {0}, {1}</source>
        <translation>På vakt: {0}, {1}</translation>
    </message>
    <message>
        <source>Off duty: {0}, {1}. Enter puts it back.</source>
        <translation>Av vakt: {0}, {1}. Enter angrar.</translation>
    </message>
    <message>
        <source>Duty list</source>
        <translation>Vaktliste</translation>
    </message>
    <message>
        <source>Who is on duty; Enter changes</source>
        <translation>Kven som er på vakt; Enter endrar</translation>
    </message>
    <message>
        <source>Off duty</source>
        <translation>Av vakt</translation>
    </message>
    <message>
        <source>Take the chosen one off duty now</source>
        <translation>Ta den valde av vakt no</translation>
    </message>
    <message>
        <source>Another</source>
        <translation>Ny</translation>
    </message>
    <message>
        <source>Empty the form for somebody else</source>
        <translation>Tøm skjemaet for ein annan</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>På vakt</translation>
    </message>
    <message>
        <source>On duty from now on</source>
        <translation>På vakt frå no av</translation>
    </message>
    <message>
        <source>On duty as</source>
        <translation>Vakt som</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Namn</translation>
    </message>
    <message>
        <source>Radio</source>
        <translation>Radio</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Telefon</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>Timar</translation>
    </message>
    <message>
        <source>Nobody is listed as on duty</source>
        <translation>Ingen er ført opp på vakt</translation>
    </message>
    <message>
        <source>Fill in the form below.</source>
        <translation>Fyll ut skjemaet under.</translation>
    </message>
</context>
<context>
    <name>DutyPanel</name>
    <message>
        <source>On duty</source>
        <translation>På vakt</translation>
    </message>
</context>
<context>
    <name>Edge</name>
    <message>
        <source>{0} more, {1} unacknowledged, newest {2}</source>
        <translation>{0} til, {1} ukvittert, nyaste {2}</translation>
    </message>
    <message>
        <source>1 unacknowledged more, newest {0}</source>
        <translation>1 ukvittert til, nyaste {0}</translation>
    </message>
    <message>
        <source>{0} unacknowledged more, newest {1}</source>
        <translation>{0} ukvitterte til, nyaste {1}</translation>
    </message>
    <message>
        <source>{0} more, newest {1}</source>
        <translation>{0} til, nyaste {1}</translation>
    </message>
</context>
<context>
    <name>FollowChip</name>
    <message>
        <source>Follows {0}</source>
        <translation>Følgjer {0}</translation>
    </message>
    <message>
        <source>Let the map go (Esc)</source>
        <translation>Slepp kartet (Esc)</translation>
    </message>
</context>
<context>
    <name>GoesTo</name>
    <message>
        <source>and {0} more …</source>
        <translation>og {0} til …</translation>
    </message>
    <message>
        <source>Sends to {0} of {1}</source>
        <translation>Sender i {0} av {1}</translation>
    </message>
    <message>
        <source>Voice goes to {0}</source>
        <translation>Du snakkar i {0} grupper</translation>
    </message>
    <message>
        <source>Alone</source>
        <translation>Berre vald</translation>
    </message>
    <message>
        <source>Talk in the selected talkgroup alone</source>
        <translation>Snakk berre i vald talegruppe</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
    <message>
        <source>Talk in those groups again</source>
        <translation>Snakk i dei gruppene igjen</translation>
    </message>
    <message>
        <source>Where the voice goes</source>
        <translation>Kvar stemma går</translation>
    </message>
</context>
<context>
    <name>GroupBar</name>
    <message>
        <source>Talk in {0} again</source>
        <translation>Snakk i {0} igjen</translation>
    </message>
    <message>
        <source>EXERCISE: {0}</source>
        <translation>ØVING: {0}</translation>
    </message>
    <message>
        <source>In it: {0}</source>
        <translation>Med: {0}</translation>
    </message>
    <message>
        <source>{0} has made the talkgroup {1}, with {2}.</source>
        <translation>{0} har laga talegruppa {1}, med {2}.</translation>
    </message>
    <message>
        <source>The talkgroup {1} is made, with {2}.</source>
        <translation>Talegruppa {1} er laga, med {2}.</translation>
    </message>
    <message>
        <source>You are in the talkgroup {1} now, with {2}.</source>
        <translation>Du er med i talegruppa {1} no, med {2}.</translation>
    </message>
    <message>
        <source>The talkgroup {1} is over: ended by {0}.</source>
        <translation>Talegruppa {1} er slutt: avslutta av {0}.</translation>
    </message>
    <message>
        <source>The talkgroup {1} is over: its time is out.</source>
        <translation>Talegruppa {1} er slutt: tida er ute.</translation>
    </message>
    <message>
        <source>You are in the talkgroup {1} no more.</source>
        <translation>Du er ikkje lenger med i talegruppa {1}.</translation>
    </message>
    <message>
        <source>nobody else</source>
        <translation>ingen andre</translation>
    </message>
    <message>
        <source>Its sound is on its way.</source>
        <translation>Lyden er på veg.</translation>
    </message>
    <message>
        <source>It is heard here. To talk in it:</source>
        <translation>Ho blir høyrd her. For å snakke:</translation>
    </message>
    <message>
        <source>Talk here now</source>
        <translation>Snakk her no</translation>
    </message>
    <message>
        <source>The talk key talks in this group</source>
        <translation>Taletasten snakkar i denne gruppa</translation>
    </message>
    <message>
        <source>Go to the talkgroup&apos;s tile</source>
        <translation>Gå til flisa til talegruppa</translation>
    </message>
    <message>
        <source>Show its tile</source>
        <translation>Vis flisa</translation>
    </message>
    <message>
        <source>I know: take this away</source>
        <translation>Eg veit det: ta dette bort</translation>
    </message>
</context>
<context>
    <name>GroupChip</name>
    <message>
        <source>Don&apos;t talk there</source>
        <translation>Ikkje snakk der</translation>
    </message>
</context>
<context>
    <name>Handover</name>
    <message>
        <source>Alarm</source>
        <translation>Alarm</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Dempa</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Kartnål</translation>
    </message>
    <message>
        <source>Call-out</source>
        <translation>Utkalling</translation>
    </message>
    <message>
        <source>Unread</source>
        <translation>Ulesen</translation>
    </message>
    <message>
        <source>Talkgroup</source>
        <translation>Talegruppe</translation>
    </message>
    <message>
        <source>Joined</source>
        <translation>Kopla</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>På vakt</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Ikkje svart</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>Logga seg av</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>is not heard at this desk</source>
        <translation>blir ikkje høyrd på denne plassen</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>hos {0}</translation>
    </message>
    <message>
        <source>acknowledged by {0}, nobody has it</source>
        <translation>kvittert av {0}, ingen har han</translation>
    </message>
    <message>
        <source>NOBODY HAS ANSWERED</source>
        <translation>INGEN HAR SVART</translation>
    </message>
    <message>
        <source>sent: {0}</source>
        <translation>sendt: {0}</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>til {0}</translation>
    </message>
    <message>
        <source>called, and was not answered</source>
        <translation>ringde, og fekk ikkje svar</translation>
    </message>
    <message>
        <source>{0} calls not heard here</source>
        <translation>{0} anrop er ikkje høyrde her</translation>
    </message>
</context>
<context>
    <name>HandoverPage</name>
    <message>
        <source>Nobody has said yet that this was read.</source>
        <translation>Ingen har sagt enno at dette er lese.</translation>
    </message>
    <message>
        <source>Read last by {0}, {1}, at {2}</source>
        <translation>Sist lese av {0}, {1}, på {2}</translation>
    </message>
    <message>
        <source>Who takes over reads it, signs in (F9) and says so here.</source>
        <translation>Den som tek over, les, loggar inn (F9) og seier frå her.</translation>
    </message>
    <message>
        <source>Hand-over {0}, made by {1}</source>
        <translation>Vaktoverlevering {0}, laga av {1}</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ingenting er ope</translation>
    </message>
    <message>
        <source>Noted: {0} has read it</source>
        <translation>Notert: {0} har lese det</translation>
    </message>
    <message>
        <source>Copied, and noted: {0}</source>
        <translation>Kopiert og notert: {0}</translation>
    </message>
    <message>
        <source>Not copied: it could not be noted</source>
        <translation>Ikkje kopiert: det kunne ikkje noterast</translation>
    </message>
    <message>
        <source>Not saved: it could not be noted</source>
        <translation>Ikkje lagra: det kunne ikkje noterast</translation>
    </message>
    <message>
        <source>hand-over</source>
        <translation>vaktoverlevering</translation>
    </message>
    <message>
        <source>Not saved: {0}</source>
        <translation>Ikkje lagra: {0}</translation>
    </message>
    <message>
        <source>Saved, and noted: {0}</source>
        <translation>Lagra, og notert: {0}</translation>
    </message>
    <message>
        <source>Hand-over: what is open</source>
        <translation>Vaktoverlevering: det som er ope</translation>
    </message>
    <message>
        <source>What is open; Enter leads there</source>
        <translation>Det som er ope; Enter går dit</translation>
    </message>
    <message>
        <source>All of the chosen row</source>
        <translation>Heile den valde rada</translation>
    </message>
    <message>
        <source>Hear again</source>
        <translation>Høyr igjen</translation>
    </message>
    <message>
        <source>Hear the muted talkgroups again</source>
        <translation>Høyr dei dempa talegruppene igjen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopier</translation>
    </message>
    <message>
        <source>Copy it as text; it is noted</source>
        <translation>Kopier som tekst; det blir notert</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Lagre</translation>
    </message>
    <message>
        <source>Save it as a text file; it is noted</source>
        <translation>Lagre som tekstfil; det blir notert</translation>
    </message>
    <message>
        <source>I have read this</source>
        <translation>Eg har lese dette</translation>
    </message>
    <message>
        <source>No alarm, call-out, message or group.</source>
        <translation>Ingen alarm, utkalling, melding eller gruppe.</translation>
    </message>
</context>
<context>
    <name>HelpPanel</name>
    <message>
        <source>Keys</source>
        <translation>Tastar</translation>
    </message>
    <message>
        <source>Find a key, or what it does</source>
        <translation>Finn ein tast, eller kva han gjer</translation>
    </message>
    <message>
        <source>Close the help</source>
        <translation>Lukk hjelpa</translation>
    </message>
</context>
<context>
    <name>HereMenu</name>
    <message>
        <source>What stands here</source>
        <translation>Det som står her</translation>
    </message>
</context>
<context>
    <name>KindChip</name>
    <message>
        <source>Only: {0}</source>
        <translation>Berre: {0}</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>vald</translation>
    </message>
</context>
<context>
    <name>LandmarkBar</name>
    <message>
        <source>Incident {0}</source>
        <translation>Hending {0}</translation>
    </message>
    <message>
        <source>{0}; press for another kind</source>
        <translation>{0}; trykk for ein annan type</translation>
    </message>
    <message>
        <source>Change: {0}</source>
        <translation>Endre: {0}</translation>
    </message>
    <message>
        <source>Incident pin, seen at all desks for a day</source>
        <translation>Kartnål for ei hending, synleg på alle plassar i eit døgn</translation>
    </message>
    <message>
        <source>Place of the site, seen at all desks until it is removed</source>
        <translation>Eigen stad, synleg på alle plassar til han blir fjerna</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ikkje no</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Namn</translation>
    </message>
    <message>
        <source>Name of the pin or place</source>
        <translation>Namn på kartnåla eller staden</translation>
    </message>
    <message>
        <source>Note, without a patient&apos;s name</source>
        <translation>Notat, utan namnet til pasienten</translation>
    </message>
</context>
<context>
    <name>LandmarkHands</name>
    <message>
        <source>the chosen place</source>
        <translation>den valde staden</translation>
    </message>
    <message>
        <source>This desk may mark no places on the map.</source>
        <translation>Denne plassen kan ikkje merkje stader i kartet.</translation>
    </message>
    <message>
        <source>Move {0}: click where it is, or arrows and Enter. Esc: it stays.</source>
        <translation>Flytt {0}: klikk der det er, eller piltastar og Enter. Esc: han blir ståande.</translation>
    </message>
    <message>
        <source>{0} has been removed meanwhile.</source>
        <translation>{0} er fjerna i mellomtida.</translation>
    </message>
    <message>
        <source>{0} could not be moved: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} vart ikkje flytta: det kan ikkje lagrast. Sei det over samband.</translation>
    </message>
    <message>
        <source>Moved: {0}</source>
        <translation>Flytta: {0}</translation>
    </message>
    <message>
        <source>{0} could not be set: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} vart ikkje sett: det kan ikkje lagrast. Sei det over samband.</translation>
    </message>
    <message>
        <source>Changed: {0}</source>
        <translation>Endra: {0}</translation>
    </message>
    <message>
        <source>On the map: {0}</source>
        <translation>I kartet: {0}</translation>
    </message>
    <message>
        <source>{0} could not be removed: it can&apos;t be kept.</source>
        <translation>{0} vart ikkje fjerna: det kan ikkje lagrast.</translation>
    </message>
    <message>
        <source>Removed: {0} ({1})</source>
        <translation>Fjerna: {0} ({1})</translation>
    </message>
    <message>
        <source>near {0}</source>
        <translation>nær {0}</translation>
    </message>
</context>
<context>
    <name>LayoutBar</name>
    <message>
        <source>Undo ({0} s)</source>
        <translation>Angre ({0} s)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
    <message>
        <source>Heard less: {0}.</source>
        <translation>Høyrest svakare eller ikkje: {0}.</translation>
    </message>
    <message>
        <source>In use, left as it is: {0}.</source>
        <translation>I bruk, står som no: {0}.</translation>
    </message>
    <message>
        <source>{0} streams did not fit.</source>
        <translation>{0} straumar fekk ikkje plass.</translation>
    </message>
    <message>
        <source>Number keys now: {0}.</source>
        <translation>Taltastane er no: {0}.</translation>
    </message>
    <message>
        <source>The page {0} is made.</source>
        <translation>Sida {0} er laga.</translation>
    </message>
    <message>
        <source>The page {0} is called {1} now.</source>
        <translation>Sida {0} heiter no {1}.</translation>
    </message>
    <message>
        <source>The page {0} is deleted; its talkgroups are among all.</source>
        <translation>Sida {0} er sletta; talegruppene står under Alle.</translation>
    </message>
    <message>
        <source>The page {0} is moved.</source>
        <translation>Sida {0} er flytta.</translation>
    </message>
    <message>
        <source>{0} is on the page {1} now.</source>
        <translation>{0} er no på sida {1}.</translation>
    </message>
    <message>
        <source>{0} is taken from the page {1}.</source>
        <translation>{0} er teken bort frå sida {1}.</translation>
    </message>
    <message>
        <source>{0} is a favourite: first on each page.</source>
        <translation>{0} er favoritt: først på kvar side.</translation>
    </message>
    <message>
        <source>{0} is no favourite any more.</source>
        <translation>{0} er ikkje favoritt lenger.</translation>
    </message>
    <message>
        <source>{0} is moved.</source>
        <translation>{0} er flytta.</translation>
    </message>
    <message>
        <source>{0} sounds from another place.</source>
        <translation>{0} høyrest frå ein annan plass.</translation>
    </message>
    <message>
        <source>This layout is the standard of {0} now.</source>
        <translation>Dette oppsettet er no standard for {0}.</translation>
    </message>
    <message>
        <source>The layout of {0} is here, saved {2}.</source>
        <translation>Oppsettet til {0} er her, lagra {2}.</translation>
    </message>
    <message>
        <source>The standard layout of {0} is here, saved {2}.</source>
        <translation>Standardoppsettet for {0} er her, lagra {2}.</translation>
    </message>
</context>
<context>
    <name>LayoutMenu</name>
    <message>
        <source>New page …</source>
        <translation>Ny side …</translation>
    </message>
    <message>
        <source>Rename “{0}” …</source>
        <translation>Gje «{0}» nytt namn …</translation>
    </message>
    <message>
        <source>Delete “{0}”</source>
        <translation>Slett «{0}»</translation>
    </message>
    <message>
        <source>Move “{0}” to the left</source>
        <translation>Flytt «{0}» til venstre</translation>
    </message>
    <message>
        <source>Move “{0}” to the right</source>
        <translation>Flytt «{0}» til høgre</translation>
    </message>
    <message>
        <source>Pages and layout</source>
        <translation>Sider og oppsett</translation>
    </message>
    <message>
        <source>Save this layout as the standard of</source>
        <translation>Lagre dette oppsettet som standard for</translation>
    </message>
    <message>
        <source>Use the standard layout</source>
        <translation>Bruk standardoppsettet</translation>
    </message>
</context>
<context>
    <name>LeftMutedBar</name>
    <message>
        <source>Muted since before you came: {0}.</source>
        <translation>Dempa frå før du kom: {0}.</translation>
    </message>
    <message>
        <source>Hear again</source>
        <translation>Høyr igjen</translation>
    </message>
    <message>
        <source>Hear the muted talkgroups again</source>
        <translation>Høyr dei dempa talegruppene igjen</translation>
    </message>
    <message>
        <source>Leave muted</source>
        <translation>La vere dempa</translation>
    </message>
</context>
<context>
    <name>ListDialog</name>
    <message>
        <source>log</source>
        <translation>logg</translation>
    </message>
    <message>
        <source>Save the list: time, kind, who, group and text of all that was found</source>
        <translation>Lagre lista: tid, slag, kven, gruppe og tekst for alt som vart funne</translation>
    </message>
</context>
<context>
    <name>Log</name>
    <message>
        <source>Took out a call: {0} {1}, {2}</source>
        <translation>Tok ut lyd: {0} {1}, {2}</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>Nokon</translation>
    </message>
    <message>
        <source>Safety alarm</source>
        <translation>Sikkerheitsalarm</translation>
    </message>
    <message>
        <source>real</source>
        <translation>reell</translation>
    </message>
    <message>
        <source>test</source>
        <translation>prøve</translation>
    </message>
    <message>
        <source>Closed {0}&apos;s alarm</source>
        <translation>Avslutta alarmen frå {0}</translation>
    </message>
    <message>
        <source>To {0}: {1}</source>
        <translation>Til {0}: {1}</translation>
    </message>
    <message>
        <source>Noted about {0}&apos;s alarm</source>
        <translation>Notat om alarmen frå {0}</translation>
    </message>
    <message>
        <source>Sent to {0}&apos;s alarm</source>
        <translation>Sendt til alarmen frå {0}</translation>
    </message>
    <message>
        <source>Called out {0}: {1}</source>
        <translation>Kalla ut {0}: {1}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nei</translation>
    </message>
    <message>
        <source>delayed</source>
        <translation>forsinka</translation>
    </message>
    <message>
        <source>{0} answers the call-out: {1}</source>
        <translation>{0} svarar på utkallinga: {1}</translation>
    </message>
    <message>
        <source>Called {0}</source>
        <translation>Ringde {0}</translation>
    </message>
    <message>
        <source>Ended a call</source>
        <translation>Avslutta ein samtale</translation>
    </message>
    <message>
        <source>Ended the call of {0} to {1}</source>
        <translation>Avslutta samtalen frå {0} til {1}</translation>
    </message>
    <message>
        <source>Rejected the call of {0} to {1}</source>
        <translation>Avviste anropet frå {0} til {1}</translation>
    </message>
    <message>
        <source>Busy: the call of {0} to {1}</source>
        <translation>Oppteke: anropet frå {0} til {1}</translation>
    </message>
    <message>
        <source>No answer: the call of {0} to {1}</source>
        <translation>Ikkje svar: anropet frå {0} til {1}</translation>
    </message>
    <message>
        <source>Given up: the call of {0} to {1}</source>
        <translation>Avbrote: anropet frå {0} til {1}</translation>
    </message>
    <message>
        <source>Lost: the call of {0} to {1}</source>
        <translation>Brote: samtalen frå {0} til {1}</translation>
    </message>
    <message>
        <source>Called it off</source>
        <translation>Avlyste utkallinga</translation>
    </message>
    <message>
        <source>Ended the call-out</source>
        <translation>Avslutta utkallinga</translation>
    </message>
    <message>
        <source>Formed the talkgroup {0}: {1}</source>
        <translation>Oppretta talegruppa {0}: {1}</translation>
    </message>
    <message>
        <source>The talkgroup {0} has lapsed</source>
        <translation>Talegruppa {0} har gått ut</translation>
    </message>
    <message>
        <source>Ended the talkgroup {0}</source>
        <translation>Avslutta talegruppa {0}</translation>
    </message>
    <message>
        <source>false press</source>
        <translation>utløyst ved feil</translation>
    </message>
    <message>
        <source>Refused to join {0}: one of them is joined already</source>
        <translation>Kunne ikkje kople saman {0}: ei av dei er alt kopla</translation>
    </message>
    <message>
        <source>Joined {0}</source>
        <translation>Kopla saman {0}</translation>
    </message>
    <message>
        <source>{0} are joined no more</source>
        <translation>{0} er ikkje kopla saman lenger</translation>
    </message>
    <message>
        <source>Put {0} into {1}</source>
        <translation>La {0} til i {1}</translation>
    </message>
    <message>
        <source>Took {0} out of {1}</source>
        <translation>Tok {0} ut av {1}</translation>
    </message>
    <message>
        <source>On duty as {0}: {1}, {2}</source>
        <translation>Har vakt som {0}: {1}, {2}</translation>
    </message>
    <message>
        <source>The duty has ended: {0}</source>
        <translation>Vakta er avslutta: {0}</translation>
    </message>
    <message>
        <source>Has read the hand-over: {0} alarms, {1} call-outs, {2} messages open</source>
        <translation>Har lese vaktoverleveringa: {0} alarmar, {1} utkallingar, {2} meldingar opne</translation>
    </message>
    <message>
        <source>Site place: {0}</source>
        <translation>Eigen stad: {0}</translation>
    </message>
    <message>
        <source>Incident pin: {0}</source>
        <translation>Kartnål for hending: {0}</translation>
    </message>
    <message>
        <source>Removed the site place {0}</source>
        <translation>Fjerna den eigne staden {0}</translation>
    </message>
    <message>
        <source>Removed the incident pin {0}</source>
        <translation>Fjerna kartnåla {0}</translation>
    </message>
    <message>
        <source>{0} says far too much to everybody: alarms may come late</source>
        <translation>{0} seier altfor mykje til alle: alarmar kan kome seint</translation>
    </message>
    <message>
        <source>Status: {0}</source>
        <translation>Status: {0}</translation>
    </message>
    <message>
        <source>Nobody has acknowledged {0}&apos;s alarm</source>
        <translation>Ingen har kvittert alarmen frå {0}</translation>
    </message>
    <message>
        <source>Acknowledged {0}&apos;s alarm</source>
        <translation>Kvitterte alarmen frå {0}</translation>
    </message>
    <message>
        <source>Took over {0}&apos;s alarm</source>
        <translation>Tok over alarmen frå {0}</translation>
    </message>
    <message>
        <source>Reopened {0}&apos;s alarm: closed by a slip</source>
        <translation>Opna alarmen til {0} på nytt: avslutta ved ein glipp</translation>
    </message>
    <message>
        <source>No answer yet from {0}</source>
        <translation>Ikkje svar enno frå {0}</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>Logga seg på</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>Logga seg av</translation>
    </message>
    <message>
        <source>Spoke</source>
        <translation>Snakka</translation>
    </message>
    <message>
        <source>Desk joined</source>
        <translation>Plassen vart kopla til</translation>
    </message>
    <message>
        <source>Desk left</source>
        <translation>Plassen vart kopla frå</translation>
    </message>
    <message>
        <source>Enrolled: {0}</source>
        <translation>Innmeld: {0}</translation>
    </message>
    <message>
        <source>Taken out: {0}</source>
        <translation>Teken ut: {0}</translation>
    </message>
    <message>
        <source>{0} wrong codes were tried while the one for {1} is open</source>
        <translation>{0} feil kodar er prøvde medan koden for {1} er open</translation>
    </message>
    <message>
        <source>Too many wrong PINs for {0}</source>
        <translation>For mange feil PIN for {0}</translation>
    </message>
    <message>
        <source>{0} asks the site far too often; the others notice nothing of it</source>
        <translation>{0} spør sentralen altfor ofte; dei andre merkar ingenting</translation>
    </message>
    <message>
        <source>The call {0} was answered</source>
        <translation>Samtalen {0} vart svara på</translation>
    </message>
</context>
<context>
    <name>LogAway</name>
    <message>
        <source>No room for the log here</source>
        <translation>Loggen får ikkje plass her</translation>
    </message>
    <message>
        <source>Log and search</source>
        <translation>Logg og søk</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Log</source>
        <translation>Logg</translation>
    </message>
    <message>
        <source>Log, newest first</source>
        <translation>Logg, nyaste først</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Ingenting har hendt enno</translation>
    </message>
    <message>
        <source>(not confirmed)</source>
        <translation>(ikkje stadfesta)</translation>
    </message>
    <message>
        <source>What has happened is unknown</source>
        <translation>Det er ukjent kva som har hendt</translation>
    </message>
    <message>
        <source>Alarms, statuses and conversations are noted here, newest on top.</source>
        <translation>Alarmar, statusar og samtalar blir førte her, nyaste øvst.</translation>
    </message>
</context>
<context>
    <name>MapAway</name>
    <message>
        <source>The map has a window of its own</source>
        <translation>Kartet står i eit eige vindauge</translation>
    </message>
    <message>
        <source>Ctrl+E brings it back.</source>
        <translation>Ctrl+E hentar det tilbake.</translation>
    </message>
</context>
<context>
    <name>MapChoiceMenu</name>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>Base map only</source>
        <translation>Berre grunnkartet</translation>
    </message>
    <message>
        <source>Choose a file …</source>
        <translation>Vel ei fil …</translation>
    </message>
    <message>
        <source>Files in {0} are listed here.</source>
        <translation>Filer i {0} står i denne lista.</translation>
    </message>
    <message>
        <source>{0}: can&apos;t be shown</source>
        <translation>{0}: kan ikkje visast</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Vis det</translation>
    </message>
    <message>
        <source>Parts of it that can&apos;t be read: {0}</source>
        <translation>Delar som ikkje kan lesast: {0}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Prøv igjen</translation>
    </message>
    <message>
        <source>Take it off this list</source>
        <translation>Ta det ut av lista</translation>
    </message>
    <message>
        <source>{0}: does not work</source>
        <translation>{0}: verkar ikkje</translation>
    </message>
    <message>
        <source>Show it, and ask {0} for it</source>
        <translation>Vis det, og hent det frå {0}</translation>
    </message>
    <message>
        <source>{0} learns which part of the map is looked at here.</source>
        <translation>{0} får vite kva del av kartet som blir vist her.</translation>
    </message>
    <message>
        <source>Questions without an answer: {0}</source>
        <translation>Spørsmål utan svar: {0}</translation>
    </message>
</context>
<context>
    <name>MapFileDialog</name>
    <message>
        <source>Choose a map</source>
        <translation>Vel eit kart</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation>Mappe:</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Namn:</translation>
    </message>
    <message>
        <source>Form:</source>
        <translation>Format:</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Vis det</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
</context>
<context>
    <name>MapHands</name>
    <message>
        <source>No unit of {0} has a position.</source>
        <translation>Inga eining i {0} har posisjon.</translation>
    </message>
    <message>
        <source>{0} has not moved yet: its trail is drawn from here on.</source>
        <translation>{0} har ikkje flytta seg enno: Sporet blir teikna frå no av.</translation>
    </message>
    <message>
        <source>The trail of {0} is not drawn any more.</source>
        <translation>Sporet til {0} blir ikkje teikna lenger.</translation>
    </message>
    <message>
        <source>No unit is chosen: choose one in the list or on the map.</source>
        <translation>Inga eining er vald: Vel ei i lista eller på kartet.</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>This view is kept as {0}: V shows it again.</source>
        <translation>Utsnittet er lagra som {0}: V viser det igjen.</translation>
    </message>
    <message>
        <source>There are as many views as can be kept: forget one first (V).</source>
        <translation>Det er ikkje plass til fleire utsnitt: gløym eitt først (V).</translation>
    </message>
    <message>
        <source>{0} is forgotten.</source>
        <translation>{0} er gløymt.</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>The map is saved: {0}</source>
        <translation>Kartet er lagra: {0}</translation>
    </message>
    <message>
        <source>{0} can&apos;t be written: choose another folder, or make room.</source>
        <translation>{0} kan ikkje skrivast: vel ei anna mappe, eller frigjer plass.</translation>
    </message>
    <message>
        <source>Print the map</source>
        <translation>Skriv ut kartet</translation>
    </message>
    <message>
        <source>The printer takes nothing: save the map as a PDF instead.</source>
        <translation>Skrivaren tek ikkje imot noko: lagre kartet som PDF i staden.</translation>
    </message>
</context>
<context>
    <name>MapPlace</name>
    <message>
        <source>The map can&apos;t be shown</source>
        <translation>Kartet kan ikkje visast</translation>
    </message>
    <message>
        <source>The map is being loaded</source>
        <translation>Kartet blir lasta</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>no position</source>
        <translation>ingen posisjon</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>Zoom inn (+)</translation>
    </message>
    <message>
        <source>Zoom out (−)</source>
        <translation>Zoom ut (−)</translation>
    </message>
    <message>
        <source>Show all units (Home)</source>
        <translation>Vis alle einingar (Home)</translation>
    </message>
    <message>
        <source>Show the alarm</source>
        <translation>Vis alarmen</translation>
    </message>
    <message>
        <source>Find a place or an address (Ctrl+O)</source>
        <translation>Finn ein stad eller ei adresse (Ctrl+O)</translation>
    </message>
    <message>
        <source>To a window of its own</source>
        <translation>Til eit eige vindauge</translation>
    </message>
    <message>
        <source>Back into the desk&apos;s window</source>
        <translation>Tilbake i hovudvindauget</translation>
    </message>
    <message>
        <source>Views, pictures, units in view (V)</source>
        <translation>Utsnitt, bilete, einingar i utsnittet (V)</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>Map: GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0) · without roads</source>
        <translation>Kart: GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0) · utan vegar</translation>
    </message>
    <message>
        <source>Ambulance</source>
        <translation>Ambulanse</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Lege</translation>
    </message>
    <message>
        <source>First responder</source>
        <translation>Akutthjelpar</translation>
    </message>
    <message>
        <source>Fire</source>
        <translation>Brann</translation>
    </message>
    <message>
        <source>Police</source>
        <translation>Politi</translation>
    </message>
    <message>
        <source>Helicopter</source>
        <translation>Helikopter</translation>
    </message>
    <message>
        <source>The base map can&apos;t be read</source>
        <translation>Bakgrunnskartet kan ikkje lesast</translation>
    </message>
    <message>
        <source>Alarm, not acknowledged</source>
        <translation>Alarm, ikkje kvittert</translation>
    </message>
    <message>
        <source>Alarm, acknowledged</source>
        <translation>Alarm, kvittert</translation>
    </message>
    <message>
        <source>Position {0} s old</source>
        <translation>Posisjon {0} s gammal</translation>
    </message>
    <message>
        <source>Position {0} min old</source>
        <translation>Posisjon {0} min gammal</translation>
    </message>
    <message>
        <source>Position {0} h old</source>
        <translation>Posisjon {0} t gammal</translation>
    </message>
</context>
<context>
    <name>MasterVolume</name>
    <message>
        <source>Hear voices again</source>
        <translation>Høyr stemmer igjen</translation>
    </message>
    <message>
        <source>Mute all voices for 30 s</source>
        <translation>Demp alle stemmer i 30 s</translation>
    </message>
    <message>
        <source>Volume of everything</source>
        <translation>Volum for alt</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volum</translation>
    </message>
</context>
<context>
    <name>Measuring</name>
    <message>
        <source>Click or Enter: next leg</source>
        <translation>Klikk eller Enter: neste etappe</translation>
    </message>
    <message>
        <source>Backspace: one back</source>
        <translation>Rettetasten: éin tilbake</translation>
    </message>
    <message>
        <source>Esc: end</source>
        <translation>Esc: slutt</translation>
    </message>
</context>
<context>
    <name>MicrophoneLevel</name>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Hear yourself</source>
        <translation>Høyr deg sjølv</translation>
    </message>
    <message>
        <source>No microphone is chosen</source>
        <translation>Ingen mikrofon er vald</translation>
    </message>
    <message>
        <source>The microphone is not there</source>
        <translation>Mikrofonen er ikkje der</translation>
    </message>
    <message>
        <source>No signal: is it muted?</source>
        <translation>Ingen lyd: er den slått av?</translation>
    </message>
    <message>
        <source>Too loud</source>
        <translation>For høgt</translation>
    </message>
    <message>
        <source>The microphone&apos;s level</source>
        <translation>Nivået i mikrofonen</translation>
    </message>
</context>
<context>
    <name>MicrophoneMenu</name>
    <message>
        <source>The system&apos;s choice</source>
        <translation>Det systemet vel</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>Ingen mikrofon</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Suppress noise</source>
        <translation>Demp støy</translation>
    </message>
    <message>
        <source>Even out my level</source>
        <translation>Jamn ut nivået mitt</translation>
    </message>
    <message>
        <source>Hear my own voice softly while I talk</source>
        <translation>Høyr meg sjølv svakt medan eg snakkar</translation>
    </message>
</context>
<context>
    <name>MuteBar</name>
    <message>
        <source>All voices are muted for {0} s more.</source>
        <translation>Alle stemmer er dempa i {0} s til.</translation>
    </message>
    <message>
        <source>Hear voices again</source>
        <translation>Høyr stemmer igjen</translation>
    </message>
    <message>
        <source>Alarms are heard.</source>
        <translation>Alarmar blir høyrde.</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Start a site on this machine</source>
        <translation>Start ein sentral på denne maskina</translation>
    </message>
    <message>
        <source>Enrol this desk (F9)</source>
        <translation>Meld inn denne plassen (F9)</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Vis alle</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Vis færre</translation>
    </message>
</context>
<context>
    <name>NowTalking</name>
    <message>
        <source>Nobody is talking</source>
        <translation>Ingen snakkar</translation>
    </message>
    <message>
        <source>Following {0}</source>
        <translation>Følgjer {0}</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>{0} s att</translation>
    </message>
    <message>
        <source>Stop following</source>
        <translation>Slutt å følgje</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Følg</translation>
    </message>
    <message>
        <source>All are heard as before</source>
        <translation>Alle blir høyrde som før</translation>
    </message>
    <message>
        <source>Follow this conversation: the others become faint, and are kept to be caught up on</source>
        <translation>Følg denne samtalen: dei andre blir svake og tekne vare på, så du kan ta dei att</translation>
    </message>
    <message>
        <source>FOLLOWING</source>
        <translation>FØLGJER</translation>
    </message>
    <message>
        <source>Pause in the conversation</source>
        <translation>Pause i samtalen</translation>
    </message>
    <message>
        <source>ALARM</source>
        <translation>ALARM</translation>
    </message>
    <message>
        <source>In the background: {0}</source>
        <translation>I bakgrunnen: {0}</translation>
    </message>
    <message>
        <source>RECEIVING</source>
        <translation>MOTTEK</translation>
    </message>
    <message>
        <source>Also: {0}</source>
        <translation>Også: {0}</translation>
    </message>
</context>
<context>
    <name>OtherDesks</name>
    <message>
        <source>and {0} more</source>
        <translation>og {0} til</translation>
    </message>
    <message>
        <source>As it was before the site went out of reach:</source>
        <translation>Slik det var før sentralen kom utanfor rekkjevidd:</translation>
    </message>
    <message>
        <source>{0} – gone since {1}</source>
        <translation>{0} – borte sidan {1}</translation>
    </message>
    <message>
        <source>Other desks here: {0}</source>
        <translation>Andre plassar her: {0}</translation>
    </message>
</context>
<context>
    <name>OwnAlarmBar</name>
    <message>
        <source>False press ({0} s)</source>
        <translation>Utløyst ved feil ({0} s)</translation>
    </message>
    <message>
        <source>Your alarm is not delivered yet: it goes out as soon as it can.</source>
        <translation>Alarmen din er ikkje levert enno: den blir send så snart det går.</translation>
    </message>
    <message>
        <source>Your alarm was seen by {0}. Your talk key breaks in.</source>
        <translation>Alarmen din er sett av {0}. Taletasten din bryt inn.</translation>
    </message>
    <message>
        <source>{0} sees to your alarm. Your talk key breaks in.</source>
        <translation>{0} tek seg av alarmen din. Taletasten din bryt inn.</translation>
    </message>
    <message>
        <source>Your alarm is raised, nobody has answered yet. Your talk key breaks in.</source>
        <translation>Alarmen din er utløyst, ingen har svara enno. Taletasten din bryt inn.</translation>
    </message>
</context>
<context>
    <name>OwnAlarmButton</name>
    <message>
        <source>OWN ALARM</source>
        <translation>EIGEN ALARM</translation>
    </message>
    <message>
        <source>Raise an alarm of this desk: hold for 1 s</source>
        <translation>Utløys alarm for denne plassen: hald i 1 s</translation>
    </message>
    <message>
        <source>Raise an alarm of this desk: hold for 1 s, or hold Ctrl+Shift+A</source>
        <translation>Utløys alarm for denne plassen: hald i 1 s, eller hald Ctrl+Shift+A</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>hald i 1 s</translation>
    </message>
</context>
<context>
    <name>OwnMaps</name>
    <message>
        <source>Which map is shown</source>
        <translation>Kva kart som blir vist</translation>
    </message>
    <message>
        <source>{0}: does not work</source>
        <translation>{0}: verkar ikkje</translation>
    </message>
    <message>
        <source>Map: {0} · GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0)</source>
        <translation>Kart: {0} · GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0)</translation>
    </message>
</context>
<context>
    <name>Page</name>
    <message>
        <source>Close this page</source>
        <translation>Lukk denne sida</translation>
    </message>
</context>
<context>
    <name>PageTab</name>
    <message>
        <source>shown</source>
        <translation>blir vist</translation>
    </message>
    <message>
        <source>{0} talkgroups</source>
        <translation>{0} talegrupper</translation>
    </message>
    <message>
        <source>1 talkgroup</source>
        <translation>1 talegruppe</translation>
    </message>
    <message>
        <source>ALARM</source>
        <translation>ALARM</translation>
    </message>
    <message>
        <source>Receiving: {0}</source>
        <translation>Tek imot: {0}</translation>
    </message>
    <message>
        <source>Missed calls: {0}</source>
        <translation>Samtalar du ikkje har høyrt: {0}</translation>
    </message>
</context>
<context>
    <name>PageTabs</name>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Fleire</translation>
    </message>
    <message>
        <source>{0} more pages</source>
        <translation>{0} sider til</translation>
    </message>
    <message>
        <source>Search talkgroup (Ctrl+G)</source>
        <translation>Søk talegruppe (Ctrl+G)</translation>
    </message>
    <message>
        <source>Pages and layout (Shift+P)</source>
        <translation>Sider og oppsett (Shift+P)</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>{0} of {1} have it, {2} have read it</source>
        <translation>{0} av {1} har den, {2} har lese den</translation>
    </message>
    <message>
        <source>sent</source>
        <translation>sendt</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>levert</translation>
    </message>
    <message>
        <source>read</source>
        <translation>lesen</translation>
    </message>
    <message>
        <source>no answer: {0}</source>
        <translation>utan svar: {0}</translation>
    </message>
    <message>
        <source>Called off</source>
        <translation>Avlyst</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Avslutta</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>til {0}</translation>
    </message>
    <message>
        <source>Refused: one of them is joined already</source>
        <translation>Avvist: éi av dei er kopla saman allereie</translation>
    </message>
    <message>
        <source>This desk is in an exercise and reaches nobody real: {0}.</source>
        <translation>Denne plassen er i øving og når ingen ekte: {0}.</translation>
    </message>
    <message>
        <source>Real and exercise are never mixed. Exercise: {0}.</source>
        <translation>Ekte og øving blir aldri blanda. Øving: {0}.</translation>
    </message>
    <message>
        <source>There is a talkgroup {0} already: give it another name.</source>
        <translation>Talegruppa {0} finst frå før: gi ho eit anna namn.</translation>
    </message>
    <message>
        <source>{0} is joined with another already: end that first.</source>
        <translation>{0} er kopla saman allereie: avslutt det først.</translation>
    </message>
    <message>
        <source>on its way: the site has not got it yet</source>
        <translation>på veg: ikkje hos sentralen enno</translation>
    </message>
    <message>
        <source>YES</source>
        <translation>JA</translation>
    </message>
    <message>
        <source>DELAYED</source>
        <translation>FORSINKA</translation>
    </message>
    <message>
        <source>NO</source>
        <translation>NEI</translation>
    </message>
</context>
<context>
    <name>PeoplePage</name>
    <message>
        <source>To: {0}</source>
        <translation>Til: {0}</translation>
    </message>
    <message>
        <source>Nobody is chosen yet</source>
        <translation>Ingen er vald enno</translation>
    </message>
    <message>
        <source>EXERCISE · {0}</source>
        <translation>ØVING · {0}</translation>
    </message>
    <message>
        <source>Taken out of the standard texts</source>
        <translation>Teken ut av standardtekstane</translation>
    </message>
    <message>
        <source>Kept as a standard text for all at this site</source>
        <translation>Lagra som standardtekst for alle på denne sentralen</translation>
    </message>
    <message>
        <source>Keep text</source>
        <translation>Lagre tekst</translation>
    </message>
    <message>
        <source>Keep it as a standard text</source>
        <translation>Lagre han som standardtekst</translation>
    </message>
    <message>
        <source>Forget text</source>
        <translation>Gløym tekst</translation>
    </message>
    <message>
        <source>No standard text any more</source>
        <translation>Ikkje standardtekst lenger</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>vald</translation>
    </message>
    <message>
        <source>begun, not sent</source>
        <translation>påbyrja, ikkje sendt</translation>
    </message>
    <message>
        <source>What the message says</source>
        <translation>Meldingsteksten</translation>
    </message>
    <message>
        <source>Where they are to go, and what for</source>
        <translation>Kvar dei skal, og kvifor</translation>
    </message>
    <message>
        <source>The talkgroup&apos;s name, 12 characters at most</source>
        <translation>Namn på talegruppa, høgst 12 teikn</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Send</translation>
    </message>
    <message>
        <source>Call out</source>
        <translation>Kall ut</translation>
    </message>
    <message>
        <source>Form the group</source>
        <translation>Opprett gruppa</translation>
    </message>
    <message>
        <source>Send the status</source>
        <translation>Send status</translation>
    </message>
    <message>
        <source>Join them</source>
        <translation>Kople saman</translation>
    </message>
    <message>
        <source>Choose who first: type a name and press Enter, or click.</source>
        <translation>Vel kven først: skriv eit namn og trykk Enter, eller klikk.</translation>
    </message>
    <message>
        <source>A talkgroup can&apos;t be in another: choose units and desks.</source>
        <translation>Ei talegruppe kan ikkje vere med i ei anna: vel einingar og plassar.</translation>
    </message>
    <message>
        <source>Choose a status: click it, or Alt and its figure.</source>
        <translation>Vel ein status: klikk på han, eller Alt og talet.</translation>
    </message>
    <message>
        <source>Write over what stands in ⟨brackets⟩: Enter goes to the next.</source>
        <translation>Skriv over det som står i ⟨hakeparentes⟩: Enter går til neste.</translation>
    </message>
    <message>
        <source>Choose two to four talkgroups: what is said in one is heard in all.</source>
        <translation>Vel to til fire talegrupper: det som blir sagt i éi, høyrest i alle.</translation>
    </message>
    <message>
        <source>Everybody who is chosen gets it. Who has read it shows below.</source>
        <translation>Alle som er valde, får den. Kven som har lese den, står under.</translation>
    </message>
    <message>
        <source>They answer yes, no or delayed; after 2 minutes they are reminded.</source>
        <translation>Dei svarar ja, nei eller forsinka; etter 2 minutt blir dei minna på det.</translation>
    </message>
    <message>
        <source>They and this desk are in it for 4 hours, or until you end it.</source>
        <translation>Dei og denne plassen er med i 4 timar, eller til du avsluttar den.</translation>
    </message>
    <message>
        <source>It comes as a status message, on radios as well.</source>
        <translation>Han kjem som statusmelding, også på radioane.</translation>
    </message>
    <message>
        <source>All hear each other for 4 hours, or until somebody ends it.</source>
        <translation>Alle høyrer kvarandre i 4 timar, eller til nokon avsluttar.</translation>
    </message>
    <message>
        <source>{0} has the same people already: you can talk there.</source>
        <translation>{0} har dei same med frå før: du kan snakke der.</translation>
    </message>
    <message>
        <source>By telephone alone: {0}</source>
        <translation>Berre på telefon: {0}</translation>
    </message>
    <message>
        <source>{0} began this and has not sent it. It goes in your name.</source>
        <translation>{0} byrja på dette og har ikkje sendt det. Det går i ditt namn.</translation>
    </message>
    <message>
        <source>No more than 64 at a time.</source>
        <translation>Høgst 64 om gongen.</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} til {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>People: message, call-out, status, groups</source>
        <translation>Folk: melding, utkalling, status, grupper</translation>
    </message>
    <message>
        <source>Who: name, status, duty</source>
        <translation>Kven: namn, status, vakt</translation>
    </message>
    <message>
        <source>Who can be chosen; Enter chooses</source>
        <translation>Kven som kan veljast; Enter vel</translation>
    </message>
    <message>
        <source>Choose nobody</source>
        <translation>Vel ingen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Tøm</translation>
    </message>
    <message>
        <source>Conference</source>
        <translation>Konferanse</translation>
    </message>
    <message>
        <source>The doctor on duty, a unit and whom you choose, in a group</source>
        <translation>Lege i vakt, ei eining og den du vel, i ei talegruppe</translation>
    </message>
    <message>
        <source>Sent and received</source>
        <translation>Sendt og motteke</translation>
    </message>
    <message>
        <source>Sent and received, what waits for you first</source>
        <translation>Sendt og motteke, det som ventar på deg først</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Say that you have read it</source>
        <translation>Sei at du har lese den</translation>
    </message>
    <message>
        <source>End what is chosen</source>
        <translation>Avslutt det som er valt</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Avslutt</translation>
    </message>
    <message>
        <source>Nobody fits the search</source>
        <translation>Ingen passar til søket</translation>
    </message>
    <message>
        <source>Press Esc to see everybody again.</source>
        <translation>Trykk Esc for å sjå alle igjen.</translation>
    </message>
    <message>
        <source>Nothing has been sent yet</source>
        <translation>Ingenting er sendt enno</translation>
    </message>
    <message>
        <source>Messages, call-outs and talkgroups appear here, with who has answered.</source>
        <translation>Meldingar, utkallingar og talegrupper kjem hit, med kven som har svara.</translation>
    </message>
</context>
<context>
    <name>PeopleRows</name>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>Delayed</source>
        <translation>Forsinka</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nei</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Melding</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Join groups</source>
        <translation>Kople grupper</translation>
    </message>
    <message>
        <source>Call-out</source>
        <translation>Utkalling</translation>
    </message>
    <message>
        <source>Talkgroup</source>
        <translation>Talegruppe</translation>
    </message>
    <message>
        <source>Joined groups</source>
        <translation>Kopla grupper</translation>
    </message>
    <message>
        <source>This could not be kept, not even on this machine&apos;s disk. Say it by voice.</source>
        <translation>Dette kunne ikkje lagrast, heller ikkje på disken i denne maskina. Sei det på samband.</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>vald</translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>map</source>
        <translation>kart</translation>
    </message>
    <message>
        <source>Save the map as a picture</source>
        <translation>Lagre kartet som bilete</translation>
    </message>
</context>
<context>
    <name>PileMenu</name>
    <message>
        <source>{0} more: zoom in</source>
        <translation>{0} til: zoom inn</translation>
    </message>
    <message>
        <source>Units here</source>
        <translation>Einingar her</translation>
    </message>
</context>
<context>
    <name>PinBar</name>
    <message>
        <source>{0}&apos;s PIN:</source>
        <translation>PIN for {0}:</translation>
    </message>
    <message>
        <source>{0}&apos;s PIN, or F9 twice for another name:</source>
        <translation>PIN for {0}, eller F9 to gonger for eit anna namn:</translation>
    </message>
    <message>
        <source>Asking the site …</source>
        <translation>Spør sentralen …</translation>
    </message>
    <message>
        <source>Name and PIN don&apos;t fit. {0}&apos;s PIN:</source>
        <translation>Namn og PIN stemmer ikkje. PIN for {0}:</translation>
    </message>
    <message>
        <source>Too many wrong PINs for {0}: wait {1} min. Others may sign in (F9).</source>
        <translation>For mange feil PIN for {0}: vent {1} min. Andre kan logge inn (F9).</translation>
    </message>
</context>
<context>
    <name>Place</name>
    <message>
        <source>in {0}</source>
        <translation>i {0}</translation>
    </message>
    <message>
        <source>{0} km {1} of {2}</source>
        <translation>{0} km {1} for {2}</translation>
    </message>
</context>
<context>
    <name>PlaceFinder</name>
    <message>
        <source>The search failed. The program&apos;s log says why.</source>
        <translation>Søket gjekk ikkje. Loggen til programmet seier kvifor.</translation>
    </message>
    <message>
        <source>Nothing is found.</source>
        <translation>Ingenting er funne.</translation>
    </message>
    <message>
        <source>What was imported is damaged and left out. Import it again (vaktbord places import).</source>
        <translation>Det som er henta inn, er skadd og er utelate. Hent det inn på nytt (vaktbord places import).</translation>
    </message>
    <message>
        <source>Known here: towns, villages and municipalities. An import of Kartverket&apos;s files brings all names and addresses (vaktbord places import).</source>
        <translation>Kjent her: byar, tettstader og kommunar. Ein import av filene til Kartverket gir alle namn og adresser (vaktbord places import).</translation>
    </message>
    <message>
        <source>No addresses have been imported here.</source>
        <translation>Her er ingen adresser importerte.</translation>
    </message>
    <message>
        <source>Names of farms, mountains and the like have not been imported.</source>
        <translation>Namn på gardar, fjell og liknande er ikkje importerte.</translation>
    </message>
    <message>
        <source>Place, address or coordinates</source>
        <translation>Stad, adresse eller koordinatar</translation>
    </message>
    <message>
        <source>Find a place: its name, an address, or coordinates</source>
        <translation>Finn ein stad: namnet, ei adresse eller koordinatar</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>Lukk søket</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopier</translation>
    </message>
    <message>
        <source>Copy coordinates</source>
        <translation>Kopier koordinatar</translation>
    </message>
    <message>
        <source>Nearest units, a line, a pin …</source>
        <translation>Næraste einingar, ei linje, ei kartnål …</translation>
    </message>
    <message>
        <source>Take the mark away</source>
        <translation>Ta bort merket</translation>
    </message>
    <message>
        <source>Places that may be meant</source>
        <translation>Stader som kan vere meinte</translation>
    </message>
    <message>
        <source>Find a place</source>
        <translation>Finn ein stad</translation>
    </message>
</context>
<context>
    <name>PlaceMenu</name>
    <message>
        <source>Copy coordinates</source>
        <translation>Kopier koordinatar</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>now {0}, highest {1}</source>
        <translation>no {0}, høgast {1}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>no</translation>
    </message>
    <message>
        <source>−{0} min</source>
        <translation>−{0} min</translation>
    </message>
</context>
<context>
    <name>Plots</name>
    <message>
        <source>now {0}</source>
        <translation>no {0}</translation>
    </message>
    <message>
        <source>jitter (- -) {0}</source>
        <translation>ujamt (- -) {0}</translation>
    </message>
    <message>
        <source>Delay and jitter, ms</source>
        <translation>Forsinking og ujamt, ms</translation>
    </message>
    <message>
        <source>Lost, %</source>
        <translation>Tapt, %</translation>
    </message>
    <message>
        <source>Processor, %</source>
        <translation>Prosessor, %</translation>
    </message>
    <message>
        <source>Round trip, ms</source>
        <translation>Fram og tilbake, ms</translation>
    </message>
    <message>
        <source>Events a second</source>
        <translation>Hendingar per sekund</translation>
    </message>
    <message>
        <source>Undelivered events</source>
        <translation>Ulevert, tal</translation>
    </message>
</context>
<context>
    <name>PostBar</name>
    <message>
        <source>{0} has called off the call-out: {1}</source>
        <translation>{0} har avlyst utkallinga: {1}</translation>
    </message>
    <message>
        <source>{0} calls out: {1}</source>
        <translation>{0} kallar ut: {1}</translation>
    </message>
    <message>
        <source>{0} writes: {1}</source>
        <translation>{0} skriv: {1}</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Show all messages and call-outs</source>
        <translation>Vis alle meldingar og utkallingar</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Say that you have read it</source>
        <translation>Sei at du har lese den</translation>
    </message>
</context>
<context>
    <name>PttGate</name>
    <message>
        <source>Stopped after a minute: let go and press again.</source>
        <translation>Stoppa etter eitt minutt: slepp og trykk på nytt.</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>Replaying {0}</source>
        <translation>Spelar av {0}</translation>
    </message>
    <message>
        <source>Replay of {0} waits: the selected group talks</source>
        <translation>Avspeling av {0} ventar: den valde gruppa snakkar</translation>
    </message>
    <message>
        <source>Replay of {0} waits: alarm</source>
        <translation>Avspeling av {0} ventar: alarm</translation>
    </message>
    <message>
        <source>Nothing to replay.</source>
        <translation>Ingenting å spele av.</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Ukjend</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>{0} igjen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stop the replay</source>
        <translation>Stopp avspelinga</translation>
    </message>
</context>
<context>
    <name>RetentionBar</name>
    <message>
        <source>Delete all calls</source>
        <translation>Slett alle anrop</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behald dei</translation>
    </message>
    <message>
        <source>All kept calls are deleted in {0} s.</source>
        <translation>Alle anrop blir sletta om {0} s.</translation>
    </message>
    <message>
        <source>Calls older than {0} are deleted in {1} s.</source>
        <translation>Anrop eldre enn {0} blir sletta om {1} s.</translation>
    </message>
    <message>
        <source>Keep no calls? All that are kept are deleted for good.</source>
        <translation>Ikkje ta vare på anrop? Alle som finst, blir sletta for godt.</translation>
    </message>
    <message>
        <source>Keep calls for {0}? Older ones are deleted for good.</source>
        <translation>Ta vare på anrop i {0}? Eldre blir sletta for godt.</translation>
    </message>
    <message>
        <source>Delete older calls</source>
        <translation>Slett eldre anrop</translation>
    </message>
</context>
<context>
    <name>RingBar</name>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>answered: waiting for the site</source>
        <translation>svara: ventar på sentralen</translation>
    </message>
    <message>
        <source>ends the call with {0}</source>
        <translation>avsluttar samtalen med {0}</translation>
    </message>
    <message>
        <source>{0} calls</source>
        <translation>{0} ringjer</translation>
    </message>
    <message>
        <source>{0} (+{1})</source>
        <translation>{0} (+{1})</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Svar</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Avvis</translation>
    </message>
</context>
<context>
    <name>RuleCards</name>
    <message>
        <source>National guide to Nødnett in the health service, section {0}</source>
        <translation>Nasjonal rettleiar for nødnett i helsetenesta, punkt {0}</translation>
    </message>
</context>
<context>
    <name>RulesPage</name>
    <message>
        <source>Radio procedure</source>
        <translation>Samband</translation>
    </message>
    <message>
        <source>Phrases and rules, what fits now first</source>
        <translation>Uttrykk og reglar, det som passar no først</translation>
    </message>
    <message>
        <source>What fits now stands first. The phrases are said as they stand.</source>
        <translation>Det som passar no, står først. Uttrykka blir sagde slik dei står.</translation>
    </message>
</context>
<context>
    <name>SaveDialog</name>
    <message>
        <source>Save the call as a file</source>
        <translation>Lagre anropet som fil</translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation>Mappe:</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Namn:</translation>
    </message>
    <message>
        <source>Form:</source>
        <translation>Format:</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Lagre</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Avbryt</translation>
    </message>
    <message>
        <source>There already. Another name:</source>
        <translation>Finst frå før. Nytt namn:</translation>
    </message>
</context>
<context>
    <name>SizeMenu</name>
    <message>
        <source>Size: {0} %</source>
        <translation>Storleik: {0} %</translation>
    </message>
    <message>
        <source>Size: {0} % (this window holds {1} %)</source>
        <translation>Storleik: {0} % (dette vindauget rommar {1} %)</translation>
    </message>
    <message>
        <source>{0} % (needs a larger window)</source>
        <translation>{0} % (krev eit større vindauge)</translation>
    </message>
</context>
<context>
    <name>SpeakerMenu</name>
    <message>
        <source>Loudspeaker for monitored groups</source>
        <translation>Høgtalar for medlytta grupper</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ingen</translation>
    </message>
    <message>
        <source>Volume {0} dB</source>
        <translation>Lydstyrke {0} dB</translation>
    </message>
    <message>
        <source>The system&apos;s choice</source>
        <translation>Det systemet vel</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Places in the sound</source>
        <translation>Plassar i lydbiletet</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>for hand</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisk</translation>
    </message>
    <message>
        <source>left</source>
        <translation>venstre</translation>
    </message>
    <message>
        <source>right</source>
        <translation>høgre</translation>
    </message>
</context>
<context>
    <name>StageBar</name>
    <message>
        <source>Drag, or use the arrows: ← → move, ↑ ↓ choose another one</source>
        <translation>Dra, eller bruk pilene: ← → flyttar, ↑ ↓ vel ei anna</translation>
    </message>
    <message>
        <source>No talkgroup of this page is heard</source>
        <translation>Inga talegruppe på denne sida blir høyrd</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatisk</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisk</translation>
    </message>
    <message>
        <source>Put this one where it is by itself</source>
        <translation>La denne stå der ho står av seg sjølv</translation>
    </message>
    <message>
        <source>All automatic</source>
        <translation>Alle automatisk</translation>
    </message>
    <message>
        <source>Put all where they are by themselves</source>
        <translation>La alle stå der dei står av seg sjølve</translation>
    </message>
    <message>
        <source>Close the stage</source>
        <translation>Lukk lydbiletet</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>{0} (not confirmed)</source>
        <translation>{0} (ikkje stadfesta)</translation>
    </message>
    <message>
        <source>The site</source>
        <translation>Sentralen</translation>
    </message>
    <message>
        <source>The exercise</source>
        <translation>Øvinga</translation>
    </message>
</context>
<context>
    <name>TalkPage</name>
    <message>
        <source>The microphone is open while the key, the button or the pedal is down.</source>
        <translation>Mikrofonen er open så lenge tasten, knappen eller pedalen er nede.</translation>
    </message>
    <message>
        <source>Pressed once, the microphone stays open until the next press, Esc, a minute, a safety alarm, or another window. It is marked LOCKED OPEN all the while. A pedal that is pressed while another window is in front must be held.</source>
        <translation>Eitt trykk opnar mikrofonen til neste trykk, Esc, eitt minutt, ein sikkerheitsalarm eller eit anna vindauge. Han er merkt LÅST OPEN så lenge. Ein pedal som blir trykt medan eit anna vindauge er fremst, må haldast.</translation>
    </message>
    <message>
        <source>Talk key</source>
        <translation>Taletast</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Hald for å snakke</translation>
    </message>
    <message>
        <source>Press to open, press to close</source>
        <translation>Trykk for å opne, trykk for å lukke</translation>
    </message>
    <message>
        <source>Foot pedal, pad, or a key of its own</source>
        <translation>Fotpedal, spelkontroll eller eigen tast</translation>
    </message>
    <message>
        <source>They work while another window is in front, too. Unplugged or broken, a pedal closes the microphone at once.</source>
        <translation>Dei verkar òg medan eit anna vindauge er fremst. Blir pedalen dregen ut eller sviktar han, blir mikrofonen lukka med ein gong.</translation>
    </message>
    <message>
        <source>Copy the rule for the system&apos;s administrator</source>
        <translation>Kopier regelen til den som har ansvar for maskina</translation>
    </message>
</context>
<context>
    <name>TalkPlace</name>
    <message>
        <source>CANNOT SEND</source>
        <translation>KAN IKKJE SENDE</translation>
    </message>
    <message>
        <source>HOLD TO TALK</source>
        <translation>HALD FOR Å SNAKKE</translation>
    </message>
    <message>
        <source>PRESS TO TALK</source>
        <translation>TRYKK FOR Å SNAKKE</translation>
    </message>
    <message>
        <source>No floor control: listen before you talk</source>
        <translation>Ingen gir ordet: lytt før du snakkar</translation>
    </message>
    <message>
        <source>Space bar</source>
        <translation>Mellomrom</translation>
    </message>
    <message>
        <source>Space bar or pedal</source>
        <translation>Mellomrom eller pedal</translation>
    </message>
</context>
<context>
    <name>Talkgroups</name>
    <message>
        <source>Unknown</source>
        <translation>Ukjend</translation>
    </message>
</context>
<context>
    <name>TextField</name>
    <message>
        <source>{0} characters did not fit. Look at the end.</source>
        <translation>{0} teikn fekk ikkje plass. Sjå på slutten.</translation>
    </message>
    <message>
        <source>{0} characters are left out. Once more, and it goes like this.</source>
        <translation>{0} teikn er utelatne. Trykk ein gong til, så går det slik.</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>SEND</source>
        <translation>SEND</translation>
    </message>
    <message>
        <source>Hold to talk in {0}</source>
        <translation>Hald for å snakke i {0}</translation>
    </message>
    <message>
        <source>Unmute {0}</source>
        <translation>Slå på lyden i {0}</translation>
    </message>
    <message>
        <source>Mute {0}</source>
        <translation>Demp {0}</translation>
    </message>
    <message>
        <source>Volume of {0}</source>
        <translation>Volum for {0}</translation>
    </message>
    <message>
        <source>Missed in {0}: {1}. Catch up</source>
        <translation>Ikkje høyrt i {0}: {1}. Høyr det no</translation>
    </message>
    <message>
        <source>In front at: {0}</source>
        <translation>Vald ved: {0}</translation>
    </message>
    <message>
        <source>Heard at: {0}</source>
        <translation>Høyrd ved: {0}</translation>
    </message>
    <message>
        <source>The talk key talks here as well.</source>
        <translation>Taletasten snakkar her også.</translation>
    </message>
    <message>
        <source>A favourite: it stands first on each page.</source>
        <translation>Favoritt: står først på kvar side.</translation>
    </message>
    <message>
        <source>In the sound: {0}</source>
        <translation>I lydbiletet: {0}</translation>
    </message>
    <message>
        <source>Faint while another is followed; kept to be caught up on.</source>
        <translation>Svakt medan ei anna blir følgd; teken vare på, så du kan ta henne att.</translation>
    </message>
    <message>
        <source>Not encrypted: anybody on this network can hear it.</source>
        <translation>Ikkje kryptert: alle på dette nettet kan høyre den.</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>Station: {0}</source>
        <translation>Stasjon: {0}</translation>
    </message>
    <message>
        <source>Point here to see why</source>
        <translation>Peik her for å sjå kvifor</translation>
    </message>
    <message>
        <source>Nothing heard yet</source>
        <translation>Ikkje høyrt enno</translation>
    </message>
    <message>
        <source>Last: {0}, {1}</source>
        <translation>Sist: {0}, {1}</translation>
    </message>
    <message>
        <source>Heard from the loudspeaker.</source>
        <translation>Blir høyrd i høgtalaren.</translation>
    </message>
</context>
<context>
    <name>TileArea</name>
    <message>
        <source>Type a name first</source>
        <translation>Skriv eit namn først</translation>
    </message>
    <message>
        <source>No more than 12 pages</source>
        <translation>Ikkje fleire enn 12 sider</translation>
    </message>
    <message>
        <source>That name is taken</source>
        <translation>Namnet er i bruk</translation>
    </message>
    <message>
        <source>Search talkgroup, purpose or station</source>
        <translation>Søk talegruppe, føremål eller stasjon</translation>
    </message>
    <message>
        <source>Back to the pages</source>
        <translation>Tilbake til sidene</translation>
    </message>
    <message>
        <source>The page&apos;s new name, then Enter</source>
        <translation>Nytt namn på sida, så Enter</translation>
    </message>
    <message>
        <source>The new page&apos;s name, then Enter</source>
        <translation>Namn på den nye sida, så Enter</translation>
    </message>
</context>
<context>
    <name>TileGrid</name>
    <message>
        <source>Talkgroups</source>
        <translation>Talegrupper</translation>
    </message>
    <message>
        <source>No talkgroup fits the search</source>
        <translation>Inga talegruppe passar med søket</translation>
    </message>
    <message>
        <source>Press Esc to see the page again.</source>
        <translation>Trykk Esc for å sjå sida igjen.</translation>
    </message>
    <message>
        <source>No talkgroups on this page yet</source>
        <translation>Ingen talegrupper på denne sida enno</translation>
    </message>
    <message>
        <source>Drag tiles to its tab, or use a tile&apos;s menu (P): “On pages”.</source>
        <translation>Dra fliser til fana, eller bruk menyen til ei flis (P): «På sider».</translation>
    </message>
    <message>
        <source>No talkgroups found yet on this network</source>
        <translation>Ingen talegrupper funne på dette nettet enno</translation>
    </message>
    <message>
        <source>They appear here as soon as a station announces one. If none comes: check the network cable, and run “vaktbord doctor”.</source>
        <translation>Dei kjem her så snart ein stasjon kunngjer ei. Kjem ingen: sjekk nettverkskabelen og køyr «vaktbord doctor».</translation>
    </message>
</context>
<context>
    <name>TileMenu</name>
    <message>
        <source>Follow the conversation (F)</source>
        <translation>Følg samtalen (F)</translation>
    </message>
    <message>
        <source>… until {0} s after its last call</source>
        <translation>… til {0} s etter siste anrop</translation>
    </message>
    <message>
        <source>An exercise is always turned down for what is real</source>
        <translation>Ei øving blir alltid skrudd ned for det som er ekte</translation>
    </message>
    <message>
        <source>Off: not heard at this desk</source>
        <translation>Av: blir ikkje høyrt på denne plassen</translation>
    </message>
    <message>
        <source>Talk here as well (T)</source>
        <translation>Snakk her også (T)</translation>
    </message>
    <message>
        <source>Kept calls (Ctrl+R)</source>
        <translation>Anrop som er tekne vare på (Ctrl+R)</translation>
    </message>
    <message>
        <source>Favourite: first on each page</source>
        <translation>Favoritt: først på kvar side</translation>
    </message>
    <message>
        <source>Place in the sound (S)</source>
        <translation>Plass i lydbiletet (S)</translation>
    </message>
    <message>
        <source>On pages</source>
        <translation>På sider</translation>
    </message>
    <message>
        <source>New page …</source>
        <translation>Ny side …</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Voice</source>
        <translation>Tale</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Meldingar</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarmar</translation>
    </message>
    <message>
        <source>Statuses</source>
        <translation>Statusar</translation>
    </message>
    <message>
        <source>Call-outs</source>
        <translation>Utkall</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Grupper</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Samtalar</translation>
    </message>
    <message>
        <source>Duty</source>
        <translation>Vakt</translation>
    </message>
    <message>
        <source>Persons</source>
        <translation>Personar</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Stader</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Kven</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Kva</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Lengd</translation>
    </message>
    <message>
        <source>it could not be noted who takes it out</source>
        <translation>det kunne ikkje noterast kven som tek det ut</translation>
    </message>
    <message>
        <source>voice spoke</source>
        <translation>tale snakka</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>meldingar</translation>
    </message>
    <message>
        <source>alarms safety-alarm</source>
        <translation>alarmar alarmen sikkerheitsalarmar</translation>
    </message>
    <message>
        <source>statuses</source>
        <translation>statusar</translation>
    </message>
    <message>
        <source>callouts</source>
        <translation>utkallingar</translation>
    </message>
    <message>
        <source>talkgroups groups</source>
        <translation>talegrupper grupper</translation>
    </message>
    <message>
        <source>calls</source>
        <translation>samtalar anrop</translation>
    </message>
    <message>
        <source>duty</source>
        <translation>vakt</translation>
    </message>
    <message>
        <source>persons</source>
        <translation>personar</translation>
    </message>
    <message>
        <source>places pins</source>
        <translation>stader kartnåler</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Slag</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekund</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Av</translation>
    </message>
    <message>
        <source>Exercise</source>
        <translation>Øving</translation>
    </message>
</context>
<context>
    <name>TimelinePage</name>
    <message>
        <source>Only {0}</source>
        <translation>Berre {0}</translation>
    </message>
    <message>
        <source>exercise</source>
        <translation>øving</translation>
    </message>
    <message>
        <source>told by {0}</source>
        <translation>frå {0}</translation>
    </message>
    <message>
        <source>{0} newer</source>
        <translation>{0} nyare</translation>
    </message>
    <message>
        <source>Show the newest</source>
        <translation>Vis dei nyaste</translation>
    </message>
    <message>
        <source>Only {0}; press to see all again</source>
        <translation>Berre {0}; trykk for å sjå alt igjen</translation>
    </message>
    <message>
        <source>Write a day as 24.11. or 24.11.2026</source>
        <translation>Skriv ein dag som 24.11. eller 24.11.2026</translation>
    </message>
    <message>
        <source>Nothing new is kept here: {0}</source>
        <translation>Ingenting nytt blir lagra her: {0}</translation>
    </message>
    <message>
        <source>The log is being fetched …</source>
        <translation>Loggen blir henta …</translation>
    </message>
    <message>
        <source>The log is still being read: {0} events so far</source>
        <translation>Loggen blir framleis lesen: {0} hendingar til no</translation>
    </message>
    <message>
        <source>Give your name above first: whoever copies or saves is noted.</source>
        <translation>Skriv namnet ditt øvst først: den som kopierer eller lagrar, blir notert.</translation>
    </message>
    <message>
        <source>The newest {0}; search more narrowly for older ones</source>
        <translation>Dei nyaste {0}; søk smalare for å sjå eldre</translation>
    </message>
    <message>
        <source>{0} events are kept. A word finds what begins with it.</source>
        <translation>{0} hendingar er lagra. Eit ord finn alt som byrjar slik.</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Lagra: {0}</translation>
    </message>
    <message>
        <source>{0} was not saved: {1}</source>
        <translation>{0} vart ikkje lagra: {1}</translation>
    </message>
    <message>
        <source>Saving {0} …</source>
        <translation>Lagrar {0} …</translation>
    </message>
    <message>
        <source>Copied, and noted: {0}</source>
        <translation>Kopiert og notert: {0}</translation>
    </message>
    <message>
        <source>Not copied: it could not be noted</source>
        <translation>Ikkje kopiert: det kunne ikkje noterast</translation>
    </message>
    <message>
        <source>Log and search</source>
        <translation>Logg og søk</translation>
    </message>
    <message>
        <source>Words, call signs, names</source>
        <translation>Ord, kallesignal, namn</translation>
    </message>
    <message>
        <source>What has happened, newest first</source>
        <translation>Det som har hendt, nyaste først</translation>
    </message>
    <message>
        <source>All of the chosen row</source>
        <translation>Heile den valde rada</translation>
    </message>
    <message>
        <source>24.11.</source>
        <translation>24.11.</translation>
    </message>
    <message>
        <source>Day, as 24.11. or 24.11.2026</source>
        <translation>Dag, som 24.11. eller 24.11.2026</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Spel av</translation>
    </message>
    <message>
        <source>Hear again what was said</source>
        <translation>Høyr det som vart sagt, om igjen</translation>
    </message>
    <message>
        <source>On the map</source>
        <translation>På kartet</translation>
    </message>
    <message>
        <source>Show the unit on the map</source>
        <translation>Vis eininga på kartet</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopier</translation>
    </message>
    <message>
        <source>Copy the chosen rows; it is noted</source>
        <translation>Kopier dei valde radene; det blir notert</translation>
    </message>
    <message>
        <source>Save list …</source>
        <translation>Lagre liste …</translation>
    </message>
    <message>
        <source>Save all that was found as a file; it is noted</source>
        <translation>Lagre alt som vart funne, som ei fil; det blir notert</translation>
    </message>
    <message>
        <source>Nothing was found so far</source>
        <translation>Ingenting er funne til no</translation>
    </message>
    <message>
        <source>The log is still being read.</source>
        <translation>Loggen blir framleis lesen.</translation>
    </message>
    <message>
        <source>Nothing was found</source>
        <translation>Fann ingenting</translation>
    </message>
    <message>
        <source>Fewer words or kinds, or a longer time, find more.</source>
        <translation>Færre ord eller slag, eller lengre tid, finn meir.</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>All tid</translation>
    </message>
    <message>
        <source>However old</source>
        <translation>Uansett alder</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Siste time</translation>
    </message>
    <message>
        <source>Of the last hour</source>
        <translation>Frå den siste timen</translation>
    </message>
    <message>
        <source>This shift</source>
        <translation>Denne vakta</translation>
    </message>
    <message>
        <source>Since you signed in here; without a name, the last eight hours</source>
        <translation>Sidan du logga på her; utan namn, dei siste åtte timane</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Dag</translation>
    </message>
    <message>
        <source>Of one day</source>
        <translation>Frå éin dag</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Keep calls: {0}</source>
        <translation>Ta vare på anrop: {0}</translation>
    </message>
    <message>
        <source>No site</source>
        <translation>Ingen sentral</translation>
    </message>
    <message>
        <source>Who sits here?</source>
        <translation>Kven sit her?</translation>
    </message>
    <message>
        <source>Change name, now {0}</source>
        <translation>Byt namn, no {0}</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>ingen</translation>
    </message>
    <message>
        <source>Not delivered: {0}</source>
        <translation>Ikkje levert: {0}</translation>
    </message>
    <message>
        <source>The system&apos;s choice</source>
        <translation>Det systemet vel</translation>
    </message>
    <message>
        <source>No sound</source>
        <translation>Ingen lyd</translation>
    </message>
    <message>
        <source>No sound device</source>
        <translation>Inga lydeining</translation>
    </message>
    <message>
        <source>Pedal</source>
        <translation>Fotpedal</translation>
    </message>
    <message>
        <source>Pedal: see the menu</source>
        <translation>Fotpedal: sjå menyen</translation>
    </message>
    <message>
        <source>Site connected</source>
        <translation>Sentral tilkopla</translation>
    </message>
    <message>
        <source>Site: connecting</source>
        <translation>Sentral: koplar til</translation>
    </message>
    <message>
        <source>Site out of reach</source>
        <translation>Sentral utanfor rekkjevidd</translation>
    </message>
    <message>
        <source>Sound: starting</source>
        <translation>Lyd: startar</translation>
    </message>
    <message>
        <source>Sound stopped</source>
        <translation>Lyd stoppa</translation>
    </message>
    <message>
        <source>Sound engine on</source>
        <translation>Lydmotor på</translation>
    </message>
    <message>
        <source>Language: {0}</source>
        <translation>Språk: {0}</translation>
    </message>
    <message>
        <source>{0} (not confirmed)</source>
        <translation>{0} (ikkje stadfesta)</translation>
    </message>
    <message>
        <source>Menu: theme, language, sound, help</source>
        <translation>Meny: fargetema, språk, lyd, hjelp</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Namnet ditt</translation>
    </message>
    <message>
        <source>Your name stands on every answer. Click to change it (F9).</source>
        <translation>Namnet ditt står på kvart svar. Klikk for å endre det (F9).</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Natt</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Dag</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Lyd</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hjelp</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>Lyd ut</translation>
    </message>
    <message>
        <source>Talk key</source>
        <translation>Taletast</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Hald for å snakke</translation>
    </message>
    <message>
        <source>Press to open, press to close</source>
        <translation>Trykk for å opne, trykk for å lukke</translation>
    </message>
    <message>
        <source>Foot pedal and other buttons …</source>
        <translation>Fotpedal og andre knappar …</translation>
    </message>
    <message>
        <source>Catch up at {0}×</source>
        <translation>Avspelingsfart {0}×</translation>
    </message>
    <message>
        <source>Make talkers equally loud</source>
        <translation>Lik lydstyrke for alle som snakkar</translation>
    </message>
    <message>
        <source>Message, call-out, talkgroup (Ctrl+N)</source>
        <translation>Melding, utkalling, talegruppe (Ctrl+N)</translation>
    </message>
    <message>
        <source>Duty list (Ctrl+T)</source>
        <translation>Vaktliste (Ctrl+T)</translation>
    </message>
    <message>
        <source>Hand-over: what is open (Ctrl+H)</source>
        <translation>Vaktoverlevering (Ctrl+H)</translation>
    </message>
    <message>
        <source>Kept calls (Ctrl+R)</source>
        <translation>Anrop som er tekne vare på (Ctrl+R)</translation>
    </message>
    <message>
        <source>Log and search (Ctrl+F)</source>
        <translation>Logg og søk (Ctrl+F)</translation>
    </message>
    <message>
        <source>Diagnostics (Ctrl+D)</source>
        <translation>Diagnostikk (Ctrl+D)</translation>
    </message>
    <message>
        <source>Keys (F12)</source>
        <translation>Tastar (F12)</translation>
    </message>
    <message>
        <source>A tour of this window</source>
        <translation>Omvising i vindauget</translation>
    </message>
</context>
<context>
    <name>TourCard</name>
    <message>
        <source>Done</source>
        <translation>Ferdig</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Neste</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>Avslutt omvisinga</translation>
    </message>
</context>
<context>
    <name>TwiceButton</name>
    <message>
        <source>Press again</source>
        <translation>Trykk igjen</translation>
    </message>
    <message>
        <source>{0}: press again</source>
        <translation>{0}: trykk igjen</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Closed: {0}</source>
        <translation>Avslutta: {0}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
    <message>
        <source>Open the alarm again: it was a slip</source>
        <translation>Opne alarmen att: det var ein glipp</translation>
    </message>
</context>
<context>
    <name>UnitBar</name>
    <message>
        <source>More that can be done with the unit</source>
        <translation>Meir som kan gjerast med eininga</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Avslutt</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
</context>
<context>
    <name>UnitHands</name>
    <message>
        <source>Copied: {0}</source>
        <translation>Kopiert: {0}</translation>
    </message>
    <message>
        <source>{0} could not be added to {1}: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} kunne ikkje leggjast til i {1}: det kan ikkje lagrast. Sei det munnleg.</translation>
    </message>
    <message>
        <source>{0} is in {1} now</source>
        <translation>{0} er med i {1} no</translation>
    </message>
    <message>
        <source>alarm {0}</source>
        <translation>alarm {0}</translation>
    </message>
</context>
<context>
    <name>UnitMenu</name>
    <message>
        <source>Add to a talkgroup</source>
        <translation>Legg til i ei talegruppe</translation>
    </message>
</context>
<context>
    <name>UnitPanel</name>
    <message>
        <source>Units</source>
        <translation>Einingar</translation>
    </message>
    <message>
        <source>Units, alarms first</source>
        <translation>Einingar, alarmar først</translation>
    </message>
    <message>
        <source>No unit fits the search</source>
        <translation>Inga eining passar til søket</translation>
    </message>
    <message>
        <source>{0} from {1}</source>
        <translation>{0} frå {1}</translation>
    </message>
    <message>
        <source>Sorted by: {0}. Press for another</source>
        <translation>Sortert etter: {0}. Trykk for ei anna</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>Frå {0}</translation>
    </message>
    <message>
        <source>{0}; press to end</source>
        <translation>{0}; trykk for å slutte</translation>
    </message>
    <message>
        <source>Free first</source>
        <translation>Ledige først</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>vald</translation>
    </message>
    <message>
        <source>~ at best–typically, without roads</source>
        <translation>~ i beste fall–typisk, utan vegar</translation>
    </message>
    <message>
        <source>Minutes are a guess from the straight line: the program has no roads. Ferries, fjords, winter and traffic come on top.</source>
        <translation>Minutta er eit overslag frå luftlinja: programmet har ingen vegar. Ferjer, fjordar, vinter og trafikk kjem i tillegg.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Søk</translation>
    </message>
    <message>
        <source>Search unit, status, crew or talkgroup</source>
        <translation>Søk eining, status, mannskap eller talegruppe</translation>
    </message>
    <message>
        <source>Esc clears the search, Ctrl+8 the chosen kinds.</source>
        <translation>Esc tømer søket, Ctrl+8 dei valde typane.</translation>
    </message>
    <message>
        <source>Units unknown</source>
        <translation>Einingar ukjende</translation>
    </message>
    <message>
        <source>No units yet</source>
        <translation>Ingen einingar enno</translation>
    </message>
    <message>
        <source>They appear here when the site tells of them, with their last status.</source>
        <translation>Dei kjem her når sentralen fortel om dei, med siste status.</translation>
    </message>
</context>
<context>
    <name>UnitsMenu</name>
    <message>
        <source>Units: {0}</source>
        <translation>Einingar: {0}</translation>
    </message>
    <message>
        <source>Write a message to them</source>
        <translation>Skriv melding til dei</translation>
    </message>
    <message>
        <source>Call them out</source>
        <translation>Kall dei ut</translation>
    </message>
    <message>
        <source>A new talkgroup of them</source>
        <translation>Ny talegruppe av dei</translation>
    </message>
    <message>
        <source>Show them closer</source>
        <translation>Vis dei nærare</translation>
    </message>
</context>
<context>
    <name>ViewMenu</name>
    <message>
        <source>Keep this view</source>
        <translation>Lagre dette utsnittet</translation>
    </message>
    <message>
        <source>Forget a view</source>
        <translation>Gløym eit utsnitt</translation>
    </message>
    <message>
        <source>Units in view</source>
        <translation>Einingar i utsnittet</translation>
    </message>
    <message>
        <source>Save the map as a picture…</source>
        <translation>Lagre kartet som bilete …</translation>
    </message>
    <message>
        <source>Print the map…</source>
        <translation>Skriv ut kartet …</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
</context>
<context>
    <name>WaitingStack</name>
    <message>
        <source>{0} more:</source>
        <translation>{0} til:</translation>
    </message>
    <message>
        <source>All is shown.</source>
        <translation>Alt blir vist.</translation>
    </message>
</context>
<context>
    <name>_WhatIsKnown</name>
    <message>
        <source>No safety alarms</source>
        <translation>Ingen sikkerheitsalarmar</translation>
    </message>
    <message>
        <source>There may be more alarms</source>
        <translation>Det kan vere fleire alarmar</translation>
    </message>
    <message>
        <source>Alarms unknown</source>
        <translation>Alarmar ukjende</translation>
    </message>
</context>
<context>
    <name>buttons</name>
    <message>
        <source>Talk</source>
        <translation>Snakk</translation>
    </message>
    <message>
        <source>Talk in the call</source>
        <translation>Snakk i samtalen</translation>
    </message>
    <message>
        <source>Hear the last call again</source>
        <translation>Høyr siste anrop igjen</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Ingen vald</translation>
    </message>
    <message>
        <source>Being looked for …</source>
        <translation>Blir leita etter …</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Klar</translation>
    </message>
    <message>
        <source>Not there: plug it in</source>
        <translation>Ikkje der: set han i</translation>
    </message>
    <message>
        <source>May not be read: the system needs a rule for it</source>
        <translation>Kan ikkje lesast: systemet treng ein regel for han</translation>
    </message>
    <message>
        <source>Another program has taken it: close that</source>
        <translation>Eit anna program har teke han: lukk det</translation>
    </message>
    <message>
        <source>Pressed all the time: let it go, or look what lies on it</source>
        <translation>Trykt heile tida: slepp han, eller sjå kva som ligg på han</translation>
    </message>
    <message>
        <source>Its contact bounces: have it replaced soon</source>
        <translation>Kontakten hoppar: få han bytt snart</translation>
    </message>
    <message>
        <source>Press the pedal or button now, and let it go. Nothing is sent.</source>
        <translation>Trykk på pedalen eller knappen no, og slepp. Ingenting blir sendt.</translation>
    </message>
    <message>
        <source>People type with that key. Choose F13–F24, Pause, or a pedal&apos;s own button.</source>
        <translation>Den tasten skriv ein med. Vel F13–F24, Pause eller ein pedals eigen knapp.</translation>
    </message>
    <message>
        <source>That is the machine&apos;s own button. Press another one.</source>
        <translation>Det er maskina sin eigen knapp. Trykk på ein annan.</translation>
    </message>
    <message>
        <source>That button has another task already. Press another one.</source>
        <translation>Den knappen har alt ei anna oppgåve. Trykk på ein annan.</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Vel …</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Fjern</translation>
    </message>
    <message>
        <source>Choose a button for: {0}</source>
        <translation>Vel ein knapp for: {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
</context>
<context>
    <name>calls</name>
    <message>
        <source>as a telephone</source>
        <translation>som telefon</translation>
    </message>
    <message>
        <source>with the talk key</source>
        <translation>med taletast</translation>
    </message>
    <message>
        <source>The call is over.</source>
        <translation>Samtalen er slutt.</translation>
    </message>
    <message>
        <source>The call was rejected.</source>
        <translation>Anropet vart avvist.</translation>
    </message>
    <message>
        <source>Busy: call again later.</source>
        <translation>Oppteke: ring igjen seinare.</translation>
    </message>
    <message>
        <source>Nobody answered.</source>
        <translation>Ingen svara.</translation>
    </message>
    <message>
        <source>The caller has given up.</source>
        <translation>Den som ringde, gav opp.</translation>
    </message>
    <message>
        <source>Lost: the other end can&apos;t be reached any more.</source>
        <translation>Brote: den andre kan ikkje nåast lenger.</translation>
    </message>
</context>
<context>
    <name>compass</name>
    <message>
        <source>N</source>
        <translation>N</translation>
    </message>
    <message>
        <source>NE</source>
        <translation>NA</translation>
    </message>
    <message>
        <source>E</source>
        <translation>A</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>SA</translation>
    </message>
    <message>
        <source>S</source>
        <translation>S</translation>
    </message>
    <message>
        <source>SW</source>
        <translation>SV</translation>
    </message>
    <message>
        <source>W</source>
        <translation>V</translation>
    </message>
    <message>
        <source>NW</source>
        <translation>NV</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>None plays</source>
        <translation>Ingen spelar</translation>
    </message>
    <message>
        <source>{0} of {1} ms</source>
        <translation>{0} av {1} ms</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>Lydutgang</translation>
    </message>
    <message>
        <source>Its own delay</source>
        <translation>Tid i utgangen</translation>
    </message>
    <message>
        <source>Kept ready</source>
        <translation>Gjort klart</translation>
    </message>
    <message>
        <source>Underflows</source>
        <translation>Avbrot</translation>
    </message>
    <message>
        <source>Tick, p99</source>
        <translation>Runde, p99</translation>
    </message>
    <message>
        <source>Calls, {0} MB</source>
        <translation>Anrop, {0} MB</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prosessor</translation>
    </message>
    <message>
        <source>Refused orders</source>
        <translation>Avviste ordrar</translation>
    </message>
    <message>
        <source>Lost · damaged</source>
        <translation>Tapt · skadd</translation>
    </message>
    <message>
        <source>Own streams</source>
        <translation>Eigne straumar</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Ikkje sendt</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message>
        <source>Space bar</source>
        <translation>Mellomrom</translation>
    </message>
    <message>
        <source>Shift+Space bar</source>
        <translation>Shift+mellomrom</translation>
    </message>
    <message>
        <source>Take the floor from who talks there</source>
        <translation>Ta ordet frå den som snakkar der</translation>
    </message>
    <message>
        <source>Talk in the talkgroup as well as in the selected one</source>
        <translation>Snakk i talegruppa i tillegg til den valde</translation>
    </message>
    <message>
        <source>Move between talkgroups, Enter selects</source>
        <translation>Flytt mellom talegrupper, Enter vel</translation>
    </message>
    <message>
        <source>Mute or unmute the talkgroup</source>
        <translation>Demp talegruppa, eller slå på lyden</translation>
    </message>
    <message>
        <source>Mute all voices for 30 s, or hear them again</source>
        <translation>Demp alle stemmer i 30 s, eller høyr dei igjen</translation>
    </message>
    <message>
        <source>Volume of the talkgroup</source>
        <translation>Volum for talegruppa</translation>
    </message>
    <message>
        <source>Move the talkgroup&apos;s tile</source>
        <translation>Flytt flisa til talegruppa</translation>
    </message>
    <message>
        <source>Talk</source>
        <translation>Snakk</translation>
    </message>
    <message>
        <source>Talkgroups</source>
        <translation>Talegrupper</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarmar</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Folk</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Vindauge</translation>
    </message>
    <message>
        <source>Hold, or press, to talk in the selected talkgroup</source>
        <translation>Hald, eller trykk, for å snakke i vald talegruppe</translation>
    </message>
    <message>
        <source>Talk in the selected talkgroup alone, or undo that</source>
        <translation>Snakk berre i vald talegruppe, eller angre det</translation>
    </message>
    <message>
        <source>Talk key: hold or latch, foot pedal, other buttons</source>
        <translation>Taletast: hald eller lås, fotpedal, andre knappar</translation>
    </message>
    <message>
        <source>Call a unit or a desk; Shift+Enter: as a telephone</source>
        <translation>Ring eining eller plass; Shift+Enter: som telefon</translation>
    </message>
    <message>
        <source>Mute yourself in a call</source>
        <translation>Demp deg sjølv i ein samtale</translation>
    </message>
    <message>
        <source>The page of talkgroups before, the next one</source>
        <translation>Førre side med talegrupper, neste side</translation>
    </message>
    <message>
        <source>Make, rename and delete pages; the standard layout</source>
        <translation>Lag, endre og slett sider; standardoppsettet</translation>
    </message>
    <message>
        <source>Where each talkgroup sounds, from left to right</source>
        <translation>Kvar kvar talegruppe høyrest, frå venstre til høgre</translation>
    </message>
    <message>
        <source>Hear the talkgroup&apos;s last call again; Shift+R: anybody&apos;s</source>
        <translation>Høyr siste tale i gruppa på nytt; Shift+R: i alle</translation>
    </message>
    <message>
        <source>Catch up on the talkgroup&apos;s missed calls; Shift+C: on all</source>
        <translation>Høyr det som ikkje er høyrt i gruppa; Shift+C: i alle</translation>
    </message>
    <message>
        <source>Follow the talkgroup&apos;s conversation; Shift+F: who talks now</source>
        <translation>Følg samtalen i talegruppa; Shift+F: den som snakkar no</translation>
    </message>
    <message>
        <source>Take over the alarm</source>
        <translation>Ta over alarmen</translation>
    </message>
    <message>
        <source>Show the alarm on the map</source>
        <translation>Vis alarmen i kartet</translation>
    </message>
    <message>
        <source>Close the alarm, with a reason</source>
        <translation>Avslutt alarmen, med ein grunn</translation>
    </message>
    <message>
        <source>Hear the alarm&apos;s open microphone again, or stop it</source>
        <translation>Høyr den opne mikrofonen til alarmen att, eller stopp han</translation>
    </message>
    <message>
        <source>Note something with the alarm</source>
        <translation>Noter noko ved alarmen</translation>
    </message>
    <message>
        <source>Hold for 1 s: raise an alarm of this desk</source>
        <translation>Hald i 1 s: utløys alarm for denne plassen</translation>
    </message>
    <message>
        <source>Send help to the alarm, or note something</source>
        <translation>Send hjelp til alarmen, eller noter noko</translation>
    </message>
    <message>
        <source>Another person sits here now</source>
        <translation>Ein annan sit her no</translation>
    </message>
    <message>
        <source>Pause the alarm sound for two minutes, or hear it again</source>
        <translation>Alarmlyden på pause i to minutt, eller på igjen</translation>
    </message>
    <message>
        <source>Say that you have read the message</source>
        <translation>Sei at du har lese meldinga</translation>
    </message>
    <message>
        <source>Radio procedure: the phrases and rules that fit now</source>
        <translation>Samband: uttrykka og reglane som passar no</translation>
    </message>
    <message>
        <source>Answer the call; in a call: talk in it again</source>
        <translation>Svar på anropet; i ein samtale: snakk i den igjen</translation>
    </message>
    <message>
        <source>Reject the call, or hang up</source>
        <translation>Avvis anropet, eller legg på</translation>
    </message>
    <message>
        <source>Acknowledge the alarm; while none waits for it: this help</source>
        <translation>Kvitter alarmen; når ingen ventar på det: denne hjelpa</translation>
    </message>
    <message>
        <source>Duty list</source>
        <translation>Vaktliste</translation>
    </message>
    <message>
        <source>Hand-over: what is open</source>
        <translation>Vaktoverlevering: det som er ope</translation>
    </message>
    <message>
        <source>Only units that are free, or of a kind; Ctrl+8: all</source>
        <translation>Berre einingar som er ledige, eller av éin type; Ctrl+8: alle</translation>
    </message>
    <message>
        <source>While distances are measured: units that are free first</source>
        <translation>Medan avstandar blir målte: ledige einingar først</translation>
    </message>
    <message>
        <source>Measure a line on the map; Enter or a click: next leg, Esc: end</source>
        <translation>Mål ei linje i kartet; Enter eller klikk: neste etappe, Esc: slutt</translation>
    </message>
    <message>
        <source>Set an incident pin where the mouse is, or in the middle</source>
        <translation>Set ei kartnål for ei hending der musa er, eller midt i kartet</translation>
    </message>
    <message>
        <source>To the next pin or place on the map, Menu key: more</source>
        <translation>Til neste kartnål eller stad i kartet, menytasten: meir</translation>
    </message>
    <message>
        <source>Zoom; arrows move the map; Home: all units</source>
        <translation>Zoom; pilene flyttar kartet; Home: alle einingar</translation>
    </message>
    <message>
        <source>Undo what was done last, as long as that is offered</source>
        <translation>Angre det som vart gjort sist, så lenge det blir tilbode</translation>
    </message>
    <message>
        <source>Find a place, an address or coordinates on the map</source>
        <translation>Finn ein stad, ei adresse eller koordinatar på kartet</translation>
    </message>
    <message>
        <source>Panel or page to a window of its own, or back</source>
        <translation>Panel eller side til eit eige vindauge, eller tilbake</translation>
    </message>
    <message>
        <source>Everything larger, smaller, as usual</source>
        <translation>Alt større, mindre, som vanleg</translation>
    </message>
    <message>
        <source>Close a locked microphone, stop, undo, leave a field or page</source>
        <translation>Lukk låst mikrofon, stopp, angre, forlat felt eller side</translation>
    </message>
    <message>
        <source>Search units</source>
        <translation>Søk i einingar</translation>
    </message>
    <message>
        <source>Select talkgroup 1 to 10 of all, on any page</source>
        <translation>Vel talegruppe 1 til 10 av alle, på kva side som helst</translation>
    </message>
    <message>
        <source>Search talkgroups, Enter selects the first</source>
        <translation>Søk talegruppe, Enter vel den første</translation>
    </message>
    <message>
        <source>Menu of the talkgroup, also by a right click</source>
        <translation>Meny for talegruppa, òg med høgreklikk</translation>
    </message>
    <message>
        <source>Sort units by urgency, name, or distance</source>
        <translation>Sorter einingar etter hastegrad, namn eller avstand</translation>
    </message>
    <message>
        <source>With a unit: call, message, talkgroup, map, log, distances</source>
        <translation>Med ei eining: ring, melding, talegruppe, kart, logg, avstandar</translation>
    </message>
    <message>
        <source>How far the units are from the alarm</source>
        <translation>Kor langt einingane er frå alarmen</translation>
    </message>
    <message>
        <source>To the log</source>
        <translation>Til loggen</translation>
    </message>
    <message>
        <source>Search all of the log, and hear what was said</source>
        <translation>Søk i heile loggen, og høyr det som vart sagt</translation>
    </message>
    <message>
        <source>The talkgroup&apos;s kept calls, to be saved as files</source>
        <translation>Anropa i talegruppa, som kan lagrast som filer</translation>
    </message>
    <message>
        <source>Message, call-out, status, groups</source>
        <translation>Melding, utkalling, status, grupper</translation>
    </message>
    <message>
        <source>Conference; Ctrl+Shift+J: talk in it</source>
        <translation>Konferanse; Ctrl+Shift+J: snakk i han</translation>
    </message>
    <message>
        <source>Kept views, units in view, picture, print</source>
        <translation>Lagra utsnitt, einingar i utsnittet, bilete, utskrift</translation>
    </message>
    <message>
        <source>Show the talkgroup&apos;s units</source>
        <translation>Vis einingane i talegruppa</translation>
    </message>
    <message>
        <source>Keep the chosen unit in the middle; Shift+U: its trail</source>
        <translation>Hald vald eining i midten; Shift+U: sporet</translation>
    </message>
    <message>
        <source>Shift+drag</source>
        <translation>Shift+dra</translation>
    </message>
    <message>
        <source>Units in a box: message, call-out, talkgroup</source>
        <translation>Einingar i ei ramme: melding, utkalling, talegruppe</translation>
    </message>
    <message>
        <source>How the sound engine and each stream do</source>
        <translation>Korleis lydmotoren og kvar straum har det</translation>
    </message>
    <message>
        <source>To the next control, Enter presses it</source>
        <translation>Til neste knapp, Enter trykkjer på den</translation>
    </message>
    <message>
        <source>This help</source>
        <translation>Denne hjelpa</translation>
    </message>
    <message>
        <source>Hear the talkgroup from the loudspeaker, or in the headset</source>
        <translation>Høyr talegruppa i høgtalaren eller i hovudsettet</translation>
    </message>
</context>
<context>
    <name>knowledge</name>
    <message>
        <source>as of {0}</source>
        <translation>per {0}</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>blir lesen inn</translation>
    </message>
    <message>
        <source>The site&apos;s log is being read.</source>
        <translation>Loggen på sentralen blir lesen inn.</translation>
    </message>
    <message>
        <source>No contact with the site since {0}.</source>
        <translation>Ingen kontakt med sentralen sidan {0}.</translation>
    </message>
    <message>
        <source>No contact with the site yet.</source>
        <translation>Ingen kontakt med sentralen enno.</translation>
    </message>
    <message>
        <source>The site&apos;s log of alarms is damaged.</source>
        <translation>Alarmloggen på sentralen er skadd.</translation>
    </message>
    <message>
        <source>Part of the site&apos;s log was lost ({0}).</source>
        <translation>Ein del av loggen på sentralen gjekk tapt ({0}).</translation>
    </message>
    <message>
        <source>The site can&apos;t take anything new.</source>
        <translation>Sentralen kan ikkje ta imot noko nytt.</translation>
    </message>
    <message>
        <source>nothing new comes</source>
        <translation>ikkje noko nytt kjem</translation>
    </message>
</context>
<context>
    <name>landmarks</name>
    <message>
        <source>Incident pin</source>
        <translation>Kartnål for hending</translation>
    </message>
    <message>
        <source>Hospital</source>
        <translation>Sjukehus</translation>
    </message>
    <message>
        <source>Emergency reception</source>
        <translation>Akuttmottak</translation>
    </message>
    <message>
        <source>Nursing home</source>
        <translation>Sjukeheim</translation>
    </message>
    <message>
        <source>Heliport</source>
        <translation>Landingsplass</translation>
    </message>
    <message>
        <source>Meeting point</source>
        <translation>Møteplass</translation>
    </message>
    <message>
        <source>Other place</source>
        <translation>Annan stad</translation>
    </message>
    <message>
        <source>EXERCISE · {0}</source>
        <translation>ØVING · {0}</translation>
    </message>
    <message>
        <source>since {0} ({1}), {2}</source>
        <translation>sidan {0} ({1}), {2}</translation>
    </message>
    <message>
        <source>Hold it a moment, then drag: it moves.</source>
        <translation>Hald han ein augneblink og dra for å flytte han.</translation>
    </message>
</context>
<context>
    <name>maps</name>
    <message>
        <source>It is not there any more. Put it back, or choose another.</source>
        <translation>Fila er borte. Legg ho tilbake, eller vel ei anna.</translation>
    </message>
    <message>
        <source>It can&apos;t be opened. May this user read it?</source>
        <translation>Fila kan ikkje opnast. Har denne brukaren lov til å lese ho?</translation>
    </message>
    <message>
        <source>It is a folder or a device. Choose a file.</source>
        <translation>Det er ei mappe eller ei eining. Vel ei fil.</translation>
    </message>
    <message>
        <source>It is neither MBTiles nor PMTiles. Choose another file.</source>
        <translation>Det er verken MBTiles eller PMTiles. Vel ei anna fil.</translation>
    </message>
    <message>
        <source>The file is damaged or cut short. Copy it anew.</source>
        <translation>Fila er skadd eller avkorta. Kopier ho på nytt.</translation>
    </message>
    <message>
        <source>Its form can&apos;t be read here. See docs/MAPS.md.</source>
        <translation>Formatet kan ikkje lesast her. Sjå docs/MAPS.md.</translation>
    </message>
    <message>
        <source>There is no tile in it. Make it anew.</source>
        <translation>Det er ingen kartfliser i fila. Lag ho på nytt.</translation>
    </message>
    <message>
        <source>It answers too slowly. Copy it to this machine.</source>
        <translation>Fila svarar for seint. Kopier ho til denne maskina.</translation>
    </message>
    <message>
        <source>Another program is writing it. Try again when that is done.</source>
        <translation>Eit anna program skriv i det. Prøv igjen når det er ferdig.</translation>
    </message>
    <message>
        <source>Its entry in servers.toml makes no sense. Put it right there.</source>
        <translation>Oppføringa i servers.toml er feil. Rett ho der.</translation>
    </message>
    <message>
        <source>It can&apos;t be reached. What was fetched before is shown.</source>
        <translation>Tenaren kan ikkje nåast. Det som er henta før, blir vist.</translation>
    </message>
    <message>
        <source>Its certificate is not valid. Ask who runs it.</source>
        <translation>Sertifikatet er ikkje gyldig. Spør den som driv tenaren.</translation>
    </message>
    <message>
        <source>It refuses to answer. Ask who runs it what it allows.</source>
        <translation>Tenaren nektar å svare. Spør den som driv han, kva som er tillate.</translation>
    </message>
    <message>
        <source>It fails. It is asked again by itself, ever more rarely.</source>
        <translation>Tenaren sviktar. Han blir spurd igjen av seg sjølv, stadig sjeldnare.</translation>
    </message>
    <message>
        <source>It has none of these tiles. Check its address.</source>
        <translation>Tenaren har ingen av desse kartflisene. Kontroller adressa.</translation>
    </message>
    <message>
        <source>It sends something that is no map. Check the address.</source>
        <translation>Tenaren sender noko som ikkje er kart. Kontroller adressa.</translation>
    </message>
    <message>
        <source>It sends on to other addresses. Check the address.</source>
        <translation>Tenaren viser vidare til andre adresser. Kontroller adressa.</translation>
    </message>
    <message>
        <source>It has no layer that fits. Check servers.toml.</source>
        <translation>Tenaren har ikkje noko lag som passar. Kontroller servers.toml.</translation>
    </message>
    <message>
        <source>Parts of it can&apos;t be read.</source>
        <translation>Delar av det kan ikkje lesast.</translation>
    </message>
    <message>
        <source>Nothing of it is drawn: none of its layers is known here as roads, water or buildings. Choose another map.</source>
        <translation>Ingenting av det blir teikna: ingen av kartlaga er kjende her som vegar, vatn eller bygningar. Vel eit anna kart.</translation>
    </message>
    <message>
        <source>Its tiles are {0}.</source>
        <translation>Kartflisene er {0}.</translation>
    </message>
    <message>
        <source>It is PMTiles version {0}. It must be version 3.</source>
        <translation>Fila er PMTiles versjon {0}. Ho må vere versjon 3.</translation>
    </message>
    <message>
        <source>See line {0}.</source>
        <translation>Sjå linje {0}.</translation>
    </message>
    <message>
        <source>See “{0}”.</source>
        <translation>Sjå «{0}».</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>Det er for stort.</translation>
    </message>
    <message>
        <source>Another server has the same name.</source>
        <translation>Ein annan tenar har same namn.</translation>
    </message>
    <message>
        <source>With “capabilities” goes the name of a layer.</source>
        <translation>Til «capabilities» høyrer namnet på eit lag.</translation>
    </message>
    <message>
        <source>A subdomain has characters that no host&apos;s name has.</source>
        <translation>Eit underdomene har teikn som ikkje finst i vertsnamn.</translation>
    </message>
    <message>
        <source>“least” is larger than “most”.</source>
        <translation>«least» er større enn «most».</translation>
    </message>
    <message>
        <source>“bounds” are west, south, east, north.</source>
        <translation>«bounds» er vest, sør, aust, nord.</translation>
    </message>
    <message>
        <source>It is compressed by Brotli or Zstandard, not gzip.</source>
        <translation>Fila er pakka med Brotli eller Zstandard, ikkje gzip.</translation>
    </message>
    <message>
        <source>Nothing of it could be read so far: it is damaged, or of another kind. Choose another map.</source>
        <translation>Ingenting av kartet har let seg lese så langt. Det er skadd, eller av eit anna slag. Vel eit anna kart.</translation>
    </message>
    <message>
        <source>“address” or “capabilities”: one of them.</source>
        <translation>«address» eller «capabilities»: ein av dei.</translation>
    </message>
    <message>
        <source>An address begins with https:// or http://, and a host.</source>
        <translation>Ei adresse byrjar med https:// eller http:// og ein vert.</translation>
    </message>
    <message>
        <source>The address must hold no user&apos;s name and no password.</source>
        <translation>Adressa må ikkje innehalde brukarnamn eller passord.</translation>
    </message>
    <message>
        <source>The address has an unknown blank {0}.</source>
        <translation>Adressa har eit ukjent felt {0}.</translation>
    </message>
    <message>
        <source>The address lacks {0}.</source>
        <translation>Adressa manglar {0}.</translation>
    </message>
    <message>
        <source>The address has {s}, and no subdomains are given.</source>
        <translation>Adressa har {s}, men ingen underdomene er oppgjevne.</translation>
    </message>
    <message>
        <source>HTTP {0}.</source>
        <translation>HTTP {0}.</translation>
    </message>
    <message>
        <source>It says that it sends {0}.</source>
        <translation>Tenaren seier at han sender {0}.</translation>
    </message>
    <message>
        <source>It took too long.</source>
        <translation>Det tok for lang tid.</translation>
    </message>
    <message>
        <source>Its name is not known in the network.</source>
        <translation>Namnet til tenaren er ikkje kjent i nettet.</translation>
    </message>
    <message>
        <source>It does not answer.</source>
        <translation>Tenaren svarar ikkje.</translation>
    </message>
    <message>
        <source>It takes no connection, or breaks it off.</source>
        <translation>Tenaren tek ikkje imot sambandet, eller bryt det.</translation>
    </message>
    <message>
        <source>It has expired.</source>
        <translation>Det er gått ut.</translation>
    </message>
    <message>
        <source>Nobody whom this machine trusts has issued it.</source>
        <translation>Det er ikkje skrive ut av nokon denne maskina stolar på.</translation>
    </message>
    <message>
        <source>It was issued for another name.</source>
        <translation>Det er skrive ut for eit anna namn.</translation>
    </message>
    <message>
        <source>It sends on to an address that is not secured.</source>
        <translation>Tenaren viser vidare til ei adresse som ikkje er sikra.</translation>
    </message>
    <message>
        <source>It sends from one address to the next, without end.</source>
        <translation>Tenaren viser frå adresse til adresse utan ende.</translation>
    </message>
    <message>
        <source>What it sends are no WMTS capabilities.</source>
        <translation>Det tenaren sender, er ikkje WMTS-eigenskapar (capabilities).</translation>
    </message>
    <message>
        <source>It has no layer named {0}.</source>
        <translation>Tenaren har ikkje noko lag som heiter {0}.</translation>
    </message>
    <message>
        <source>The layer has no REST address for PNG, JPEG or WebP.</source>
        <translation>Laget har inga REST-adresse for PNG, JPEG eller WebP.</translation>
    </message>
    <message>
        <source>The layer has no tiles of 256 pixels in Web Mercator (EPSG:3857), counted from the world&apos;s corner.</source>
        <translation>Laget har ingen kartfliser på 256 pikslar i Web Mercator (EPSG:3857), talde frå hjørnet av verda.</translation>
    </message>
    <message>
        <source>Its tiles come from another host, {0}.</source>
        <translation>Kartflisene kjem frå ein annan vert, {0}.</translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message>
        <source>The sound engine has stopped.</source>
        <translation>Lydmotoren har stoppa.</translation>
    </message>
    <message>
        <source>It is being started again; nothing is heard until then.</source>
        <translation>Startar på nytt; til då blir ingenting høyrt.</translation>
    </message>
    <message>
        <source>The sound device is gone.</source>
        <translation>Lydeininga er borte.</translation>
    </message>
    <message>
        <source>Plug it in again, or choose another one in the menu.</source>
        <translation>Set den i igjen, eller vel ei anna i menyen.</translation>
    </message>
    <message>
        <source>Sound goes to {0}, not where it should.</source>
        <translation>Lyden går til {0}, ikkje dit den skal.</translation>
    </message>
    <message>
        <source>It goes back by itself when the chosen device is there.</source>
        <translation>Den går tilbake av seg sjølv når den valde eininga er der.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>Det finst ingen mikrofon.</translation>
    </message>
    <message>
        <source>Plug one in, or choose one in the menu.</source>
        <translation>Set i ein, eller vel ein i menyen.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one in the menu.</source>
        <translation>Set den i, eller vel ein annan i menyen.</translation>
    </message>
    <message>
        <source>The foot pedal&apos;s contact bounces.</source>
        <translation>Kontakten i fotpedalen hoppar.</translation>
    </message>
    <message>
        <source>Replace it soon.</source>
        <translation>Byt han snart.</translation>
    </message>
    <message>
        <source>The foot pedal is not there.</source>
        <translation>Fotpedalen er ikkje der.</translation>
    </message>
    <message>
        <source>Plug it in. Until then talk with the space bar.</source>
        <translation>Set han i. Snakk med mellomrom så lenge.</translation>
    </message>
    <message>
        <source>The foot pedal does not work.</source>
        <translation>Fotpedalen verkar ikkje.</translation>
    </message>
    <message>
        <source>Talk with the space bar. {0}.</source>
        <translation>Snakk med mellomrom. {0}.</translation>
    </message>
    <message>
        <source>{0} is not confirmed.</source>
        <translation>{0} er ikkje stadfesta.</translation>
    </message>
    <message>
        <source>Your answers are marked so until you sign in (F9).</source>
        <translation>Svara dine blir merkte slik til du loggar deg på (F9).</translation>
    </message>
    <message>
        <source>What is said can&apos;t be kept for recall.</source>
        <translation>Det som blir sagt, kan ikkje lagrast for avspeling.</translation>
    </message>
    <message>
        <source>It is heard all the same, but can&apos;t be heard again.</source>
        <translation>Alt blir høyrt likevel, men ikkje på nytt.</translation>
    </message>
    <message>
        <source>No talkgroup is heard.</source>
        <translation>Inga talegruppe blir høyrd.</translation>
    </message>
    <message>
        <source>Talkgroups are still heard.</source>
        <translation>Talegruppene blir framleis høyrde.</translation>
    </message>
    <message>
        <source>Only {0} of {1} talkgroups are heard.</source>
        <translation>Høyrer berre {0} av {1} talegrupper.</translation>
    </message>
    <message>
        <source>This desk may not say that.</source>
        <translation>Denne plassen får ikkje seie det.</translation>
    </message>
    <message>
        <source>It is enrolled as {0}. An operator&apos;s desk has to.</source>
        <translation>Han er innmeld som {0}. Ein operatørplass må gjere det.</translation>
    </message>
    <message>
        <source>Your last answer could not be kept.</source>
        <translation>Det siste svaret ditt vart ikkje lagra.</translation>
    </message>
    <message>
        <source>Say it by radio or telephone, and give it again.</source>
        <translation>Gi det over radio eller telefon, og svar på nytt.</translation>
    </message>
    <message>
        <source>The site&apos;s disk is full.</source>
        <translation>Disken på sentralen er full.</translation>
    </message>
    <message>
        <source>The site can&apos;t write to its disk.</source>
        <translation>Sentralen får ikkje skrive til disken.</translation>
    </message>
    <message>
        <source>Make room there, then start nats-server by hand.</source>
        <translation>Frigjer plass der, og start så nats-server for hand.</translation>
    </message>
    <message>
        <source>Start nats-server there by hand.</source>
        <translation>Start nats-server der for hand.</translation>
    </message>
    <message>
        <source>Make room there; the rest goes by itself.</source>
        <translation>Frigjer plass der, resten går av seg sjølv.</translation>
    </message>
    <message>
        <source>The site&apos;s disk is nearly full: {0} left.</source>
        <translation>Disken på sentralen er nesten full: {0} att.</translation>
    </message>
    <message>
        <source>Tell whoever looks after the site.</source>
        <translation>Sei frå til den som har ansvar for sentralen.</translation>
    </message>
    <message>
        <source>One of the site&apos;s machines can&apos;t write to its disk.</source>
        <translation>Ei av maskinene til sentralen får ikkje skrive til disken.</translation>
    </message>
    <message>
        <source>The others go on, and all gets through. Tell whoever looks after the site.</source>
        <translation>Dei andre går vidare, og alt kjem fram. Sei frå til den som har ansvar for sentralen.</translation>
    </message>
    <message>
        <source>Older events may be missing. Call whoever looks after the site, at night too.</source>
        <translation>Eldre hendingar kan mangle. Ring den som har ansvar for sentralen, også om natta.</translation>
    </message>
    <message>
        <source>Older alarms may be missing. Call whoever looks after the site, at night too.</source>
        <translation>Eldre alarmar kan mangle. Ring den som har ansvar for sentralen, også om natta.</translation>
    </message>
    <message>
        <source>The site can&apos;t mend its log by itself.</source>
        <translation>Sentralen kan ikkje sjølv reparere loggen sin.</translation>
    </message>
    <message>
        <source>Older events may be missing. Ask the other desks.</source>
        <translation>Eldre hendingar kan mangle. Spør dei andre plassane.</translation>
    </message>
    <message>
        <source>Older alarms may be missing. Ask the other desks.</source>
        <translation>Eldre alarmar kan mangle. Spør dei andre plassane.</translation>
    </message>
    <message>
        <source>Part of the site&apos;s log was lost.</source>
        <translation>Ein del av loggen på sentralen gjekk tapt.</translation>
    </message>
    <message>
        <source>Your answers can&apos;t be written to disk.</source>
        <translation>Svara dine kan ikkje skrivast til disk.</translation>
    </message>
    <message>
        <source>They are sent all the same: don&apos;t close this desk.</source>
        <translation>Dei blir sende likevel: ikkje lukk denne plassen.</translation>
    </message>
    <message>
        <source>This machine&apos;s certificate has ended.</source>
        <translation>Sertifikatet til denne maskina har gått ut.</translation>
    </message>
    <message>
        <source>This machine&apos;s enrolment is damaged.</source>
        <translation>Innmeldinga til denne maskina er øydelagd.</translation>
    </message>
    <message>
        <source>This machine has been taken out of {0}.</source>
        <translation>Denne maskina er teken ut av {0}.</translation>
    </message>
    <message>
        <source>Nothing is sent from here. Enrol it again, with a new code.</source>
        <translation>Ingenting blir sendt herifrå. Meld ho inn på nytt, med ein ny kode.</translation>
    </message>
    <message>
        <source>{0} was found.</source>
        <translation>{0} vart funnen.</translation>
    </message>
    <message>
        <source>This desk is not enrolled there yet.</source>
        <translation>Denne plassen er ikkje meld inn der enno.</translation>
    </message>
    <message>
        <source>No site was found.</source>
        <translation>Fann ingen sentral.</translation>
    </message>
    <message>
        <source>Units and alarms come from a site.</source>
        <translation>Einingar og alarmar kjem frå ein sentral.</translation>
    </message>
    <message>
        <source>Your answers wait and are sent.</source>
        <translation>Svara dine ventar og blir sende.</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>operatør</translation>
    </message>
    <message>
        <source>trainer</source>
        <translation>øvingsleiar</translation>
    </message>
    <message>
        <source>reception</source>
        <translation>mottak</translation>
    </message>
    <message>
        <source>gateway</source>
        <translation>gateway</translation>
    </message>
    <message>
        <source>wall screen</source>
        <translation>veggskjerm</translation>
    </message>
    <message>
        <source>No contact with the site.</source>
        <translation>Ingen kontakt med sentralen.</translation>
    </message>
    <message>
        <source>Alarms and messages don&apos;t get through. Use radio and telephone.</source>
        <translation>Alarmar og meldingar kjem ikkje fram. Bruk radio og telefon.</translation>
    </message>
    <message>
        <source>{0} is gone since {1}.</source>
        <translation>{0} har vore borte sidan {1}.</translation>
    </message>
    <message>
        <source>{0} and {2} more are gone since {1}.</source>
        <translation>{0} og {2} til har vore borte sidan {1}.</translation>
    </message>
    <message>
        <source>It said no goodbye: see to its groups.</source>
        <translation>Plassen melde seg ikkje av: pass på gruppene.</translation>
    </message>
    <message>
        <source>A station that the site lists does not answer.</source>
        <translation>Ein stasjon som sentralen har ført opp, svarar ikkje.</translation>
    </message>
    <message>
        <source>It is heard as it was described last.</source>
        <translation>Den blir høyrd slik den sist vart skildra.</translation>
    </message>
    <message>
        <source>{0} more notices.</source>
        <translation>{0} varsel til.</translation>
    </message>
    <message>
        <source>Everything is heard from {0}.</source>
        <translation>Alt blir høyrt i {0}.</translation>
    </message>
    <message>
        <source>The loudspeaker does not play.</source>
        <translation>Høgtalaren spelar ikkje.</translation>
    </message>
    <message>
        <source>Its groups are heard with the others.</source>
        <translation>Gruppene der blir høyrde saman med dei andre.</translation>
    </message>
    <message>
        <source>The microphone is not there.</source>
        <translation>Mikrofonen er ikkje der.</translation>
    </message>
</context>
<context>
    <name>place-menu</name>
    <message>
        <source>Set an incident pin here …</source>
        <translation>Set ei kartnål for ei hending her …</translation>
    </message>
    <message>
        <source>Make this a site place …</source>
        <translation>Gjer dette til ein eigen stad …</translation>
    </message>
    <message>
        <source>Change …</source>
        <translation>Endre …</translation>
    </message>
    <message>
        <source>Move …</source>
        <translation>Flytt …</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Fjern</translation>
    </message>
</context>
<context>
    <name>places</name>
    <message>
        <source>in the middle</source>
        <translation>i midten</translation>
    </message>
    <message>
        <source>{0} to the left</source>
        <translation>{0} til venstre</translation>
    </message>
    <message>
        <source>{0} to the right</source>
        <translation>{0} til høgre</translation>
    </message>
    <message>
        <source>Municipality</source>
        <translation>Kommune</translation>
    </message>
    <message>
        <source>Town</source>
        <translation>By</translation>
    </message>
    <message>
        <source>Village</source>
        <translation>Tettstad eller bygd</translation>
    </message>
    <message>
        <source>Hamlet</source>
        <translation>Grend</translation>
    </message>
    <message>
        <source>Part of a town</source>
        <translation>Bydel</translation>
    </message>
    <message>
        <source>County</source>
        <translation>Fylke</translation>
    </message>
    <message>
        <source>Hospital</source>
        <translation>Sjukehus</translation>
    </message>
    <message>
        <source>Airport</source>
        <translation>Flyplass</translation>
    </message>
    <message>
        <source>Station or stop</source>
        <translation>Stasjon eller haldeplass</translation>
    </message>
    <message>
        <source>School</source>
        <translation>Skule</translation>
    </message>
    <message>
        <source>Church</source>
        <translation>Kyrkje</translation>
    </message>
    <message>
        <source>Cabin or hotel</source>
        <translation>Hytte eller hotell</translation>
    </message>
    <message>
        <source>Harbour</source>
        <translation>Hamn</translation>
    </message>
    <message>
        <source>Building</source>
        <translation>Bygning</translation>
    </message>
    <message>
        <source>Street</source>
        <translation>Veg eller gate</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Postal area</source>
        <translation>Poststad</translation>
    </message>
    <message>
        <source>Farm or house</source>
        <translation>Gard eller hus</translation>
    </message>
    <message>
        <source>Housing or industry</source>
        <translation>Bustad-, hytte- eller industrifelt</translation>
    </message>
    <message>
        <source>Road, bridge or path</source>
        <translation>Veg, bru eller sti</translation>
    </message>
    <message>
        <source>Island</source>
        <translation>Øy</translation>
    </message>
    <message>
        <source>Mountain or hill</source>
        <translation>Fjell eller høgd</translation>
    </message>
    <message>
        <source>Lake</source>
        <translation>Vatn</translation>
    </message>
    <message>
        <source>River or stream</source>
        <translation>Elv eller bekk</translation>
    </message>
    <message>
        <source>Fjord</source>
        <translation>Fjord</translation>
    </message>
    <message>
        <source>Valley</source>
        <translation>Dal</translation>
    </message>
    <message>
        <source>Glacier</source>
        <translation>Isbre</translation>
    </message>
    <message>
        <source>Forest</source>
        <translation>Skog</translation>
    </message>
    <message>
        <source>Bog</source>
        <translation>Myr</translation>
    </message>
    <message>
        <source>Headland</source>
        <translation>Nes</translation>
    </message>
    <message>
        <source>Bay</source>
        <translation>Vik</translation>
    </message>
    <message>
        <source>Strait</source>
        <translation>Sund</translation>
    </message>
    <message>
        <source>Skerry or shallow</source>
        <translation>Skjer eller grunne</translation>
    </message>
    <message>
        <source>Waterfall</source>
        <translation>Foss</translation>
    </message>
    <message>
        <source>In the terrain</source>
        <translation>I terrenget</translation>
    </message>
    <message>
        <source>At fresh water</source>
        <translation>Ved ferskvatn</translation>
    </message>
    <message>
        <source>At sea</source>
        <translation>I sjøen</translation>
    </message>
    <message>
        <source>Name of an address</source>
        <translation>Namn på ei adresse</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stad</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>Koordinatar</translation>
    </message>
    <message>
        <source>These coordinates lie outside the map. Look at the figures.</source>
        <translation>Desse koordinatane ligg utanfor kartet. Sjå på tala.</translation>
    </message>
    <message>
        <source>It can&apos;t be told which is north and which is east. Write N and E beside them.</source>
        <translation>Det går ikkje fram kva som er nord og kva som er aust. Skriv N og Ø ved tala.</translation>
    </message>
    <message>
        <source>Minutes and seconds go from 0 to 59.</source>
        <translation>Minutt og sekund går frå 0 til 59.</translation>
    </message>
    <message>
        <source>The zone or its letter does not fit these figures.</source>
        <translation>Sona eller bokstaven passar ikkje til tala.</translation>
    </message>
    <message>
        <source>UTM zones of this map are 28 to 37; with X only odd ones.</source>
        <translation>UTM-sonene til kartet er 28 til 37; med X berre oddetal.</translation>
    </message>
    <message>
        <source>The UTM zone is missing. Write it first: 32 in the south, 33 in Nordland and Troms and on maps of all Norway, 35 in Finnmark.</source>
        <translation>UTM-sona manglar. Skriv henne først: 32 i sør, 33 i Nordland og Troms og på kart over heile Noreg, 35 i Finnmark.</translation>
    </message>
    <message>
        <source>MGRS needs as many figures for east as for north.</source>
        <translation>MGRS må ha like mange siffer for aust som for nord.</translation>
    </message>
    <message>
        <source>S is the southern half of the Earth.</source>
        <translation>S er den sørlege halvkula.</translation>
    </message>
    <message>
        <source>near {0}</source>
        <translation>nær {0}</translation>
    </message>
    <message>
        <source>also {0}</source>
        <translation>òg {0}</translation>
    </message>
    <message>
        <source>Place of the site · {0}</source>
        <translation>Eigen stad · {0}</translation>
    </message>
    <message>
        <source>No. {0} is not known there</source>
        <translation>Nr. {0} er ikkje kjent der</translation>
    </message>
    <message>
        <source>Degrees</source>
        <translation>Grader</translation>
    </message>
    <message>
        <source>Degrees and minutes</source>
        <translation>Grader og minutt</translation>
    </message>
    <message>
        <source>UTM</source>
        <translation>UTM</translation>
    </message>
    <message>
        <source>UTM zone 33</source>
        <translation>UTM-sone 33</translation>
    </message>
</context>
<context>
    <name>priority</name>
    <message>
        <source>High priority: others are turned down for it</source>
        <translation>Høg prioritet: andre blir skrudde ned</translation>
    </message>
    <message>
        <source>Normal priority</source>
        <translation>Vanleg prioritet</translation>
    </message>
    <message>
        <source>Low priority: turned down for others</source>
        <translation>Låg prioritet: skrudd ned for andre</translation>
    </message>
</context>
<context>
    <name>retention</name>
    <message>
        <source>not at all</source>
        <translation>ikkje</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} t</translation>
    </message>
</context>
<context>
    <name>roles</name>
    <message>
        <source>operators</source>
        <translation>operatørar</translation>
    </message>
    <message>
        <source>trainers</source>
        <translation>øvingsleiarar</translation>
    </message>
    <message>
        <source>receptions</source>
        <translation>mottak</translation>
    </message>
    <message>
        <source>gateways</source>
        <translation>radioportar</translation>
    </message>
    <message>
        <source>wall screens</source>
        <translation>veggskjermar</translation>
    </message>
</context>
<context>
    <name>site</name>
    <message>
        <source>None found</source>
        <translation>Ingen funnen</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Sentral</translation>
    </message>
    <message>
        <source>Site at {0}</source>
        <translation>Sentral, {0}</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Tilkopla</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>Fram og tilbake</translation>
    </message>
    <message>
        <source>Bad · refused</source>
        <translation>Ugyldig · avvist</translation>
    </message>
    <message>
        <source>Secured until</source>
        <translation>Sikra til</translation>
    </message>
    <message>
        <source>Not secured</source>
        <translation>Ikkje sikra</translation>
    </message>
    <message>
        <source>Secured · open</source>
        <translation>Kryptert · open</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Hendingar</translation>
    </message>
    <message>
        <source>Twice · late</source>
        <translation>Dobbelt · seint</translation>
    </message>
    <message>
        <source>Held · not sent</source>
        <translation>Ventar · ulevert</translation>
    </message>
    <message>
        <source>Lost · faults</source>
        <translation>Tapt · feil</translation>
    </message>
    <message>
        <source>Partly lost from the log</source>
        <translation>Delvis tapt frå loggen</translation>
    </message>
    <message>
        <source>Events of a wrong clock</source>
        <translation>Hendingar frå ei klokke som går feil</translation>
    </message>
    <message>
        <source>Refused positions, malformed</source>
        <translation>Avviste posisjonar, feil form</translation>
    </message>
    <message>
        <source>Refused positions, from the future</source>
        <translation>Avviste posisjonar, frå framtida</translation>
    </message>
    <message>
        <source>Refused positions, out of order</source>
        <translation>Avviste posisjonar, feil rekkjefølgje</translation>
    </message>
    <message>
        <source>Asks or says far too much</source>
        <translation>Spør eller seier altfor mykje</translation>
    </message>
    <message>
        <source>Listed · failed</source>
        <translation>Ført opp · feila</translation>
    </message>
</context>
<context>
    <name>streams</name>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Forsink.</translation>
    </message>
    <message>
        <source>Jitter</source>
        <translation>Ujamt</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Tapt</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>For seint</translation>
    </message>
    <message>
        <source>Invented</source>
        <translation>Utfylt</translation>
    </message>
    <message>
        <source>Rescued</source>
        <translation>Redda</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Avvist</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Plass</translation>
    </message>
    <message>
        <source>The talkgroup, whether somebody talks, and whether it is secured.</source>
        <translation>Talegruppa, om nokon snakkar, og om den er kryptert.</translation>
    </message>
    <message>
        <source>From a packet&apos;s arrival until its sound leaves the engine, now.</source>
        <translation>Frå ein pakke kjem til lyden av den forlèt lydmotoren, akkurat no.</translation>
    </message>
    <message>
        <source>How unevenly packets arrive (RFC 3550).</source>
        <translation>Kor ujamt pakkane kjem (RFC 3550).</translation>
    </message>
    <message>
        <source>Packets that never came.</source>
        <translation>Pakkar som aldri kom.</translation>
    </message>
    <message>
        <source>Packets that came after their time.</source>
        <translation>Pakkar som kom etter at dei skulle vore spela.</translation>
    </message>
    <message>
        <source>Sound put in where a packet was missing.</source>
        <translation>Lyd som er sett inn der ein pakke mangla.</translation>
    </message>
    <message>
        <source>Lost packets that came as a copy in a later one.</source>
        <translation>Tapte pakkar som kom som kopi i ein seinare.</translation>
    </message>
    <message>
        <source>Packets that were not taken: malformed, of another kind, or forged.</source>
        <translation>Pakkar som ikkje vart tekne imot: feil form, feil slag eller forfalska.</translation>
    </message>
    <message>
        <source>Where it is heard, from left to right.</source>
        <translation>Kvar den blir høyrd, frå venstre til høgre.</translation>
    </message>
    <message>
        <source>Talks</source>
        <translation>Snakkar</translation>
    </message>
    <message>
        <source>Quiet</source>
        <translation>Stille</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Ingenting</translation>
    </message>
    <message>
        <source>secured</source>
        <translation>kryptert</translation>
    </message>
    <message>
        <source>open</source>
        <translation>open</translation>
    </message>
    <message>
        <source>Mid</source>
        <translation>Midt</translation>
    </message>
    <message>
        <source>L</source>
        <translation>V</translation>
    </message>
    <message>
        <source>R</source>
        <translation>H</translation>
    </message>
</context>
<context>
    <name>talk</name>
    <message>
        <source>YOU ARE TALKING</source>
        <translation>DU SNAKKAR</translation>
    </message>
    <message>
        <source>LOCKED OPEN</source>
        <translation>LÅST OPEN</translation>
    </message>
    <message>
        <source>{0} S LEFT</source>
        <translation>{0} S IGJEN</translation>
    </message>
    <message>
        <source>Locked: press again or Esc to close</source>
        <translation>Trykk igjen eller Esc for å lukke</translation>
    </message>
    <message>
        <source>Without the floor: let others in</source>
        <translation>Utan taleløyve: slepp andre til</translation>
    </message>
    <message>
        <source>Not in {0}: {1}</source>
        <translation>Ikkje i {0}: {1}</translation>
    </message>
    <message>
        <source>Not in {0}</source>
        <translation>Ikkje i {0}</translation>
    </message>
    <message>
        <source>NO SOUND</source>
        <translation>INGEN LYD</translation>
    </message>
    <message>
        <source>Is the microphone muted?</source>
        <translation>Er mikrofonen dempa?</translation>
    </message>
    <message>
        <source>Locked: press again or Esc to stop</source>
        <translation>Låst: trykk igjen eller Esc for å avbryte</translation>
    </message>
    <message>
        <source>ASKING …</source>
        <translation>SPØR …</translation>
    </message>
    <message>
        <source>WAIT: NUMBER {0}</source>
        <translation>VENT: NUMMER {0}</translation>
    </message>
    <message>
        <source>Hold the key</source>
        <translation>Hald tasten</translation>
    </message>
    <message>
        <source>TAKEN OVER</source>
        <translation>AVBROTEN</translation>
    </message>
    <message>
        <source>TIME IS OUT</source>
        <translation>TIDA ER UTE</translation>
    </message>
    <message>
        <source>NOT SENT</source>
        <translation>IKKJE SENDT</translation>
    </message>
    <message>
        <source>NOT GRANTED</source>
        <translation>IKKJE TILLATE</translation>
    </message>
    <message>
        <source>asking</source>
        <translation>spør</translation>
    </message>
    <message>
        <source>no. {0}</source>
        <translation>nr. {0}</translation>
    </message>
    <message>
        <source>sends</source>
        <translation>sender</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>avslått</translation>
    </message>
    <message>
        <source>taken over</source>
        <translation>avbrote</translation>
    </message>
    <message>
        <source>time is out</source>
        <translation>tida er ute</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>ikkje sendt</translation>
    </message>
    <message>
        <source>{0} has the floor now</source>
        <translation>{0} har ordet no</translation>
    </message>
    <message>
        <source>The floor was lost: press again</source>
        <translation>Ordet er mista: trykk igjen</translation>
    </message>
    <message>
        <source>Let go and press again</source>
        <translation>Slepp og trykk igjen</translation>
    </message>
    <message>
        <source>too many are waiting</source>
        <translation>for mange ventar</translation>
    </message>
    <message>
        <source>the site has too much to do</source>
        <translation>sentralen har for mykje å gjere</translation>
    </message>
    <message>
        <source>the site does not know this group</source>
        <translation>sentralen kjenner ikkje gruppa</translation>
    </message>
    <message>
        <source>this position may not talk here</source>
        <translation>denne plassen får ikkje snakke her</translation>
    </message>
    <message>
        <source>somebody talks there</source>
        <translation>nokon snakkar der</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>oppteke</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>ikkje svar</translation>
    </message>
    <message>
        <source>{0} talks</source>
        <translation>{0} snakkar</translation>
    </message>
</context>
<context>
    <name>tile</name>
    <message>
        <source>SENDING</source>
        <translation>SENDER</translation>
    </message>
    <message>
        <source>IN THE QUEUE</source>
        <translation>I KØ</translation>
    </message>
    <message>
        <source>ASKING</source>
        <translation>SPØR</translation>
    </message>
    <message>
        <source>NOT SENT HERE</source>
        <translation>IKKJE SENDT HER</translation>
    </message>
    <message>
        <source>ALARM</source>
        <translation>ALARM</translation>
    </message>
    <message>
        <source>NOT HEARD</source>
        <translation>KAN IKKJE HØYRAST</translation>
    </message>
    <message>
        <source>GONE</source>
        <translation>BORTE</translation>
    </message>
    <message>
        <source>OFF</source>
        <translation>AV</translation>
    </message>
    <message>
        <source>MUTED</source>
        <translation>DEMPA</translation>
    </message>
    <message>
        <source>FOLLOWING</source>
        <translation>FØLGJER</translation>
    </message>
    <message>
        <source>RECEIVING</source>
        <translation>MOTTEK</translation>
    </message>
    <message>
        <source>SELECTED</source>
        <translation>VALD</translation>
    </message>
    <message>
        <source>LISTENING</source>
        <translation>LYTTAR</translation>
    </message>
    <message>
        <source>faint</source>
        <translation>svakt</translation>
    </message>
    <message>
        <source>UNSECURED</source>
        <translation>USIKRA</translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} t</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} d</translation>
    </message>
</context>
<context>
    <name>tour</name>
    <message>
        <source>Talkgroups</source>
        <translation>Talegrupper</translation>
    </message>
    <message>
        <source>A tile is a talkgroup. Click it, or press its number, to select it. Cyan: somebody talks there. M mutes, + and − turn the volume.</source>
        <translation>Ei flis er ei talegruppe. Klikk på henne, eller trykk talet, for å velje henne. Blå: nokon snakkar der. M dempar, + og − endrar volumet.</translation>
    </message>
    <message>
        <source>To talk</source>
        <translation>Å snakke</translation>
    </message>
    <message>
        <source>Hold the space bar and wait for the tone, then talk. Here stands where your voice goes, and why it can&apos;t if it can&apos;t. Try it: the tour goes on.</source>
        <translation>Hald mellomrom, vent på tonen, og snakk. Her står kvar røysta di går, og kvifor ikkje når ho ikkje kan. Prøv: omvisinga held fram.</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarmar</translation>
    </message>
    <message>
        <source>Alarms always stand here, and nothing covers them. F1 acknowledges, F2 takes over, F3 shows where. An alarm ends this tour.</source>
        <translation>Alarmar står alltid her, og ingenting dekkjer dei. F1 kvitterer, F2 tek over, F3 viser kvar. Ein alarm avsluttar omvisinga.</translation>
    </message>
    <message>
        <source>Units and people</source>
        <translation>Einingar og folk</translation>
    </message>
    <message>
        <source>Who is on duty, units and the log. Ctrl+K finds a unit, Ctrl+N writes, calls out and forms groups, Ctrl+I calls. Ctrl+E gives a panel a window of its own.</source>
        <translation>Kven som har vakt, einingar og logg. Ctrl+K finn ei eining, Ctrl+N skriv, kallar ut og lagar grupper, Ctrl+I ringjer. Ctrl+E gir eit panel eit eige vindauge.</translation>
    </message>
    <message>
        <source>Menu and help</source>
        <translation>Meny og hjelp</translation>
    </message>
    <message>
        <source>Size, day and night, language and sound are in the menu, and so is this tour. F1 shows all keys while no alarm waits. Esc always leads back.</source>
        <translation>Storleik, dag og natt, språk og lyd er i menyen, og denne omvisinga òg. F1 viser alle tastar når ingen alarm ventar. Esc fører alltid attende.</translation>
    </message>
</context>
<context>
    <name>unit-menu</name>
    <message>
        <source>Call</source>
        <translation>Ring opp</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>Skriv melding</translation>
    </message>
    <message>
        <source>Call out</source>
        <translation>Kall ut</translation>
    </message>
    <message>
        <source>In a new talkgroup</source>
        <translation>I ei ny talegruppe</translation>
    </message>
    <message>
        <source>Show on the map</source>
        <translation>Vis i kartet</translation>
    </message>
    <message>
        <source>Follow on the map (U)</source>
        <translation>Følg på kartet (U)</translation>
    </message>
    <message>
        <source>Where it has been (Shift+U)</source>
        <translation>Kvar ho har vore (Shift+U)</translation>
    </message>
    <message>
        <source>Show in the log</source>
        <translation>Vis i loggen</translation>
    </message>
    <message>
        <source>Nearest units from here</source>
        <translation>Næraste einingar herfrå</translation>
    </message>
    <message>
        <source>Measure a line from here</source>
        <translation>Mål ei linje herfrå</translation>
    </message>
</context>
<context>
    <name>units</name>
    <message>
        <source>Ambulance</source>
        <translation>Ambulanse</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Lege</translation>
    </message>
    <message>
        <source>First responder</source>
        <translation>Akutthjelpar</translation>
    </message>
    <message>
        <source>Police</source>
        <translation>Politi</translation>
    </message>
    <message>
        <source>Fire</source>
        <translation>Brann</translation>
    </message>
    <message>
        <source>Helicopter</source>
        <translation>Helikopter</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Anna</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Ledig</translation>
    </message>
    <message>
        <source>Urgency</source>
        <translation>Hastegrad</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Avstand</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Namn</translation>
    </message>
    <message>
        <source>Good coverage</source>
        <translation>God dekning</translation>
    </message>
    <message>
        <source>Weak coverage</source>
        <translation>Svak dekning</translation>
    </message>
    <message>
        <source>No coverage</source>
        <translation>Inga dekning</translation>
    </message>
    <message>
        <source>~{0} min or far more</source>
        <translation>~{0} min eller langt meir</translation>
    </message>
    <message>
        <source>~{0}–{1} min</source>
        <translation>~{0}–{1} min</translation>
    </message>
    <message>
        <source>~{0}–? min</source>
        <translation>~{0}–? min</translation>
    </message>
    <message>
        <source>no estimate: the position is not known, too old or too far</source>
        <translation>ikkje overslag: posisjonen er ukjend, for gammal eller for langt unna</translation>
    </message>
    <message>
        <source>at best {0} min; water between: may be far longer</source>
        <translation>i beste fall {0} min; vatn imellom: kan bli langt meir</translation>
    </message>
    <message>
        <source>at best {0} min, typically some {1} min</source>
        <translation>i beste fall {0} min, typisk rundt {1} min</translation>
    </message>
    <message>
        <source>by air, if the weather lets it</source>
        <translation>i lufta, om vêret tillèt det</translation>
    </message>
    <message>
        <source>a guess without roads, ferries, winter</source>
        <translation>overslag utan vegar, ferjer og vinter</translation>
    </message>
    <message>
        <source>battery {0} %</source>
        <translation>batteri {0} %</translation>
    </message>
    <message>
        <source>battery low</source>
        <translation>lågt batteri</translation>
    </message>
    <message>
        <source>speaks now</source>
        <translation>snakkar no</translation>
    </message>
    <message>
        <source>heard {0}</source>
        <translation>høyrd {0}</translation>
    </message>
    <message>
        <source>position not known</source>
        <translation>posisjon ukjend</translation>
    </message>
    <message>
        <source>{0} old</source>
        <translation>{0} gammal</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Crew</source>
        <translation>Mannskap</translation>
    </message>
    <message>
        <source>Talkgroup</source>
        <translation>Talegruppe</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>Sist høyrd</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Overslag</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Posisjon</translation>
    </message>
    <message>
        <source>Radio</source>
        <translation>Radio</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummer</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Slag</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVING</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>sist høyrd {0}</translation>
    </message>
</context>
<context>
    <name>urgency</name>
    <message>
        <source>A · RED</source>
        <translation>A · RAUD</translation>
    </message>
    <message>
        <source>H · YELLOW</source>
        <translation>H · GUL</translation>
    </message>
    <message>
        <source>V · GREEN</source>
        <translation>V · GRØN</translation>
    </message>
    <message>
        <source>Safety alarm</source>
        <translation>Sikkerheitsalarm</translation>
    </message>
</context>
</TS>
