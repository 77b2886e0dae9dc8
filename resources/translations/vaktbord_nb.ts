<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="nb" sourcelanguage="en">
<context>
    <name>Aid</name>
    <message>
        <source>Only real units are known, and this alarm is an exercise.</source>
        <translation>Bare ekte enheter er kjent, og denne alarmen er øvelse.</translation>
    </message>
    <message>
        <source>Only an exercise&apos;s units are known, and this alarm is real.</source>
        <translation>Bare øvelsesenheter er kjent, og denne alarmen er ekte.</translation>
    </message>
    <message>
        <source>All others have an alarm of their own.</source>
        <translation>Alle andre har en egen alarm.</translation>
    </message>
</context>
<context>
    <name>AidPage</name>
    <message>
        <source>place not known</source>
        <translation>sted ukjent</translation>
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
        <translation>Alarmen er avsluttet</translation>
    </message>
    <message>
        <source>Help to {0}</source>
        <translation>Hjelp til {0}</translation>
    </message>
    <message>
        <source>Nobody knows where it is</source>
        <translation>Ingen vet hvor den er</translation>
    </message>
    <message>
        <source>Called out: {0}</source>
        <translation>Kalt ut: {0}</translation>
    </message>
    <message>
        <source>Safety alarm {0}, {1}: go there and help</source>
        <translation>Sikkerhetsalarm {0}, {1}: kjør dit og bistå</translation>
    </message>
    <message>
        <source>Noted</source>
        <translation>Notert</translation>
    </message>
    <message>
        <source>This could not be kept, not even on this machine&apos;s disk. Say it by voice.</source>
        <translation>Dette kunne ikke lagres, heller ikke på denne maskinens disk. Si det på samband.</translation>
    </message>
    <message>
        <source>To be sent: {0}</source>
        <translation>Skal sendes: {0}</translation>
    </message>
    <message>
        <source>Nobody is chosen</source>
        <translation>Ingen er valgt</translation>
    </message>
    <message>
        <source>Who is sent is called out, and is noted with the alarm.</source>
        <translation>Den som sendes, kalles ut og noteres på alarmen.</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>valgt</translation>
    </message>
    <message>
        <source>Help to an alarm</source>
        <translation>Hjelp til en alarm</translation>
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
        <translation>Lege i vakt og denne enheten, i en talegruppe</translation>
    </message>
    <message>
        <source>Who can be sent, the nearest that are free first</source>
        <translation>Hvem som kan sendes, de nærmeste ledige først</translation>
    </message>
    <message>
        <source>Where to go, where to hold; or what to remember</source>
        <translation>Hvor de skal, hvor de skal holde; eller noe å huske</translation>
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
        <translation>Enheter ukjent</translation>
    </message>
    <message>
        <source>No units to send</source>
        <translation>Ingen enheter å sende</translation>
    </message>
    <message>
        <source>Units appear here when the site tells of them.</source>
        <translation>Enheter kommer hit når sentralen forteller om dem.</translation>
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
        <translation>Kvitter alarmen fra {0}</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>Ta over</translation>
    </message>
    <message>
        <source>Take over the alarm of {0}</source>
        <translation>Ta over alarmen fra {0}</translation>
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
        <translation>Send hjelp til {0}, eller noter noe</translation>
    </message>
    <message>
        <source>Close the alarm of {0}</source>
        <translation>Avslutt alarmen fra {0}</translation>
    </message>
    <message>
        <source>Was real</source>
        <translation>Reell</translation>
    </message>
    <message>
        <source>False press</source>
        <translation>Utløst ved feil</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Test</translation>
    </message>
    <message>
        <source>Back, don&apos;t close it</source>
        <translation>Tilbake, ikke avslutt</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Noter</translation>
    </message>
    <message>
        <source>Note something about {0}</source>
        <translation>Noter noe om {0}</translation>
    </message>
    <message>
        <source>What to remember. Enter keeps it, Esc leaves it</source>
        <translation>Hva må huskes? Enter noterer, Esc avbryter</translation>
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
        <translation>Stopp avspillingen</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Lytt</translation>
    </message>
    <message>
        <source>Hear what the open microphone of {0} said</source>
        <translation>Hør hva den åpne mikrofonen til {0} sa</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Tar opp</translation>
    </message>
    <message>
        <source>Nothing has been said yet; what {0} says is being kept</source>
        <translation>Ingenting er sagt ennå; det {0} sier, blir tatt opp</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>Ikke ennå</translation>
    </message>
    <message>
        <source>What somebody has begun to say is there when it has ended</source>
        <translation>Det noen har begynt å si, er her når det er slutt</translation>
    </message>
    <message>
        <source>No recording</source>
        <translation>Uten opptak</translation>
    </message>
    <message>
        <source>Nothing that was said around the alarm of {0} is kept</source>
        <translation>Ingenting av det som ble sagt rundt alarmen til {0}, er tatt opp</translation>
    </message>
    <message>
        <source>More is being kept now</source>
        <translation>Mer blir tatt opp nå</translation>
    </message>
    <message>
        <source>Recording at {0}; here is heard what this desk heard itself</source>
        <translation>Opptaket er hos {0}; her høres det denne plassen selv hørte</translation>
    </message>
    <message>
        <source>EXERCISE – SAFETY ALARM</source>
        <translation>ØVELSE – SIKKERHETSALARM</translation>
    </message>
    <message>
        <source>SAFETY ALARM</source>
        <translation>SIKKERHETSALARM</translation>
    </message>
    <message>
        <source>ESCALATED – nobody has answered for {0}</source>
        <translation>VARSLET VIDERE – ingen har svart på {0}</translation>
    </message>
    <message>
        <source>EXERCISE – ALARM</source>
        <translation>ØVELSE – ALARM</translation>
    </message>
    <message>
        <source>ALARM</source>
        <translation>ALARM</translation>
    </message>
    <message>
        <source>escalated {0}</source>
        <translation>varslet videre {0}</translation>
    </message>
    <message>
        <source>unacknowledged {0}</source>
        <translation>ukvittert {0}</translation>
    </message>
    <message>
        <source>reopened {0} by {1}</source>
        <translation>gjenåpnet {0} av {1}</translation>
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
        <translation>kvitterer, venter på svar</translation>
    </message>
    <message>
        <source>taking over, no answer yet</source>
        <translation>tar over, venter på svar</translation>
    </message>
    <message>
        <source>closing, no answer yet</source>
        <translation>avslutter, venter på svar</translation>
    </message>
    <message>
        <source>reopening, no answer yet</source>
        <translation>gjenåpner, venter på svar</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>venter på svar</translation>
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
        <translation>{0} er ikke bekreftet</translation>
    </message>
    <message>
        <source>Came {0}. The sender&apos;s clock is wrong</source>
        <translation>Kom {0}. Klokken til avsenderen går feil</translation>
    </message>
    <message>
        <source>Raised {0}, came {1}</source>
        <translation>Utløst {0}, kom hit {1}</translation>
    </message>
    <message>
        <source>position {0} old</source>
        <translation>posisjon {0} gammel</translation>
    </message>
</context>
<context>
    <name>AlarmPanel</name>
    <message>
        <source>{0} alarms, {1} unacknowledged</source>
        <translation>{0} alarmer, {1} ukvittert</translation>
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
        <translation>utløst ved feil</translation>
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
        <translation>Ikke nå</translation>
    </message>
</context>
<context>
    <name>Beyond</name>
    <message>
        <source>Alarm outside of what the map shows. Press to see it.</source>
        <translation>Alarm utenfor det kartet viser. Trykk for å se den.</translation>
    </message>
    <message>
        <source>Acknowledged alarm below something on the map. Press to see it.</source>
        <translation>Kvittert alarm under noe på kartet. Trykk for å se den.</translation>
    </message>
</context>
<context>
    <name>CallBar</name>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>It rings there</source>
        <translation>Det ringer der</translation>
    </message>
    <message>
        <source>The other end talks</source>
        <translation>Den andre snakker</translation>
    </message>
    <message>
        <source>In a call</source>
        <translation>I samtale</translation>
    </message>
    <message>
        <source>You are muted</source>
        <translation>Du er dempet</translation>
    </message>
    <message>
        <source>You are not heard: {0}</source>
        <translation>Du høres ikke: {0}</translation>
    </message>
    <message>
        <source>You are heard</source>
        <translation>Du høres</translation>
    </message>
    <message>
        <source>Opening the microphone …</source>
        <translation>Åpner mikrofonen …</translation>
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
        <translation>Hold for å snakke</translation>
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
        <translation>lydmotoren svarer ikke</translation>
    </message>
    <message>
        <source>the sound engine has stopped</source>
        <translation>lydmotoren har stoppet</translation>
    </message>
</context>
<context>
    <name>CallsPage</name>
    <message>
        <source>NOT HEARD</source>
        <translation>IKKE HØRT</translation>
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
        <translation>Skriv navnet ditt øverst først: Det noteres hvem som tar ut et anrop.</translation>
    </message>
    <message>
        <source>Who saves a call as a file is noted: {0}.</source>
        <translation>Det noteres hvem som lagrer et anrop som fil: {0}.</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Lagret: {0}</translation>
    </message>
    <message>
        <source>{0} was not saved: {1}</source>
        <translation>{0} ble ikke lagret: {1}</translation>
    </message>
    <message>
        <source>Saving {0} …</source>
        <translation>Lagrer {0} …</translation>
    </message>
    <message>
        <source>Kept calls</source>
        <translation>Anrop som er tatt vare på</translation>
    </message>
    <message>
        <source>Kept calls, newest first</source>
        <translation>Anrop som er tatt vare på, nyeste først</translation>
    </message>
    <message>
        <source>Save as file …</source>
        <translation>Lagre som fil …</translation>
    </message>
    <message>
        <source>Save the chosen call as a file</source>
        <translation>Lagre det valgte anropet som fil</translation>
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
        <translation>Nyere</translation>
    </message>
    <message>
        <source>Show newer calls</source>
        <translation>Vis nyere anrop</translation>
    </message>
    <message>
        <source>No calls are kept here</source>
        <translation>Ingen anrop er tatt vare på her</translation>
    </message>
    <message>
        <source>What is said is kept for as long as the menu says, then deleted.</source>
        <translation>Det som sies, tas vare på så lenge som menyen sier, og slettes så.</translation>
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
        <translation>{0} godtok ikke koden. Nytt forsøk:</translation>
    </message>
    <message>
        <source>No code is open at {0}: have one made there.</source>
        <translation>Ingen kode er åpen hos {0}: få laget en der.</translation>
    </message>
    <message>
        <source>That code was not for a desk. Another one:</source>
        <translation>Den koden var ikke for en operatørplass. En annen:</translation>
    </message>
    <message>
        <source>Too many tries: wait a minute.</source>
        <translation>For mange forsøk: vent ett minutt.</translation>
    </message>
    <message>
        <source>A code has eight letters and figures, none of 0, O, 1, I:</source>
        <translation>En kode har åtte bokstaver og tall, ingen av 0, O, 1, I:</translation>
    </message>
    <message>
        <source>That did not work. Another try:</source>
        <translation>Det gikk ikke. Nytt forsøk:</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>The sound engine is not there yet.</source>
        <translation>Lydmotoren er ikke på plass ennå.</translation>
    </message>
    <message>
        <source>the sound engine is gone</source>
        <translation>lydmotoren er borte</translation>
    </message>
    <message>
        <source>No microphone is chosen: choose one in the menu.</source>
        <translation>Ingen mikrofon er valgt: velg en i menyen.</translation>
    </message>
    <message>
        <source>The microphone does not work: see the menu.</source>
        <translation>Mikrofonen virker ikke: se i menyen.</translation>
    </message>
    <message>
        <source>the group is not heard here</source>
        <translation>gruppen høres ikke her</translation>
    </message>
    <message>
        <source>it is sent to single receivers, not to a group</source>
        <translation>den sendes til enkeltmottakere, ikke til en gruppe</translation>
    </message>
    <message>
        <source>only its own station is heard there</source>
        <translation>bare dens egen stasjon høres der</translation>
    </message>
    <message>
        <source>its station does not speak Opus</source>
        <translation>stasjonen bruker ikke Opus</translation>
    </message>
</context>
<context>
    <name>DeskHands</name>
    <message>
        <source>You are talking: let the talk key go first.</source>
        <translation>Du snakker: slipp taletasten først.</translation>
    </message>
    <message>
        <source>The talk key talks in {0} now.</source>
        <translation>Taletasten snakker i {0} nå.</translation>
    </message>
    <message>
        <source>Before: {0}.</source>
        <translation>Før: {0}.</translation>
    </message>
    <message>
        <source>{0} is not heard here, so it can&apos;t be followed.</source>
        <translation>{0} høres ikke her, og kan ikke følges.</translation>
    </message>
    <message>
        <source>Nobody is talking now: nothing to follow.</source>
        <translation>Ingen snakker nå: det er ingenting å følge.</translation>
    </message>
    <message>
        <source>Called out: {0}</source>
        <translation>Kalt ut: {0}</translation>
    </message>
    <message>
        <source>Called off: {0}</source>
        <translation>Avlyst: {0}</translation>
    </message>
    <message>
        <source>{0} could not be called off: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} kunne ikke avlyses: det kan ikke lagres. Si det over samband.</translation>
    </message>
    <message>
        <source>That call has ended. F11 again hangs up the one you are in.</source>
        <translation>Det anropet er slutt. F11 en gang til legger på samtalen du er i.</translation>
    </message>
    <message>
        <source>There is no call to talk in: this button talks in calls alone.</source>
        <translation>Ingen samtale å snakke i: denne knappen snakker bare i samtaler.</translation>
    </message>
    <message>
        <source>Removed: {0}, {1}</source>
        <translation>Fjernet: {0}, {1}</translation>
    </message>
    <message>
        <source>The pedal was unplugged. Talk with the space bar.</source>
        <translation>Pedalen ble trukket ut. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>The pedal is removed. Talk with the space bar.</source>
        <translation>Pedalen er fjernet. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>The pedal is stuck: let it go. Talk with the space bar.</source>
        <translation>Pedalen henger: slipp den. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>The pedal does not answer. Talk with the space bar.</source>
        <translation>Pedalen svarer ikke. Snakk med mellomrom.</translation>
    </message>
    <message>
        <source>CLOSED</source>
        <translation>LUKKET</translation>
    </message>
    <message>
        <source>{0} is selected: the talk key talks there already.</source>
        <translation>{0} er valgt: taletasten snakker allerede der.</translation>
    </message>
    <message>
        <source>A button is being chosen: nothing is sent meanwhile.</source>
        <translation>En knapp velges: ingenting sendes imens.</translation>
    </message>
    <message>
        <source>Select a talkgroup first: click it or press its number.</source>
        <translation>Velg en talegruppe først: klikk på den eller trykk tallet.</translation>
    </message>
    <message>
        <source>{0} is not heard here: nothing can be sent there.</source>
        <translation>{0} høres ikke her: du kan ikke sende dit.</translation>
    </message>
    <message>
        <source>A menu was open, and nothing was sent. Press again to talk.</source>
        <translation>En meny var åpen, så ingenting ble sendt. Trykk igjen for å snakke.</translation>
    </message>
    <message>
        <source>You were typing: that key did nothing. Press Esc first.</source>
        <translation>Du skrev: tasten gjorde ingenting. Trykk Esc først.</translation>
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
        <translation>Enheter og logg</translation>
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
        <translation>Sikkerhetsalarm: lytt. Trykk igjen for å snakke.</translation>
    </message>
    <message>
        <source>CLOSED</source>
        <translation>LUKKET</translation>
    </message>
    <message>
        <source>({0} ALARM) </source>
        <translation>({0} ALARM) </translation>
    </message>
    <message>
        <source>This window holds no more than {0} %.</source>
        <translation>Dette vinduet rommer ikke mer enn {0} %.</translation>
    </message>
</context>
<context>
    <name>DetachButton</name>
    <message>
        <source>To a window of its own</source>
        <translation>Til et eget vindu</translation>
    </message>
    <message>
        <source>Back into the desk&apos;s window</source>
        <translation>Tilbake i hovedvinduet</translation>
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
        <translation>Kopier tallene som tekst</translation>
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
        <translation>Strømmer, og hvordan de kommer inn</translation>
    </message>
    <message>
        <source>Nothing is heard</source>
        <translation>Ingenting høres</translation>
    </message>
    <message>
        <source>Figures stand here as soon as the sound engine listens to a stream.</source>
        <translation>Tallene står her så snart lydmotoren lytter til en strøm.</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>Lyd</translation>
    </message>
    <message>
        <source>Ten minutes of sound and processor</source>
        <translation>Ti minutter av lyd og prosessor</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Sentral</translation>
    </message>
    <message>
        <source>Ten minutes of the link to the site</source>
        <translation>Ti minutter av forbindelsen til sentralen</translation>
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
        <translation>Ingen her heter det.</translation>
    </message>
    <message>
        <source>Call whom? A call sign, a desk or a person.</source>
        <translation>Ringe hvem? Kallesignal, plass eller person.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ikke nå</translation>
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
        <translation>Det er ukjent hvem som har vakt</translation>
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
        <translation>Skriv hva vakten gjelder, og navnet.</translation>
    </message>
    <message>
        <source>No radio is called {0}.</source>
        <translation>Ingen radio heter {0}.</translation>
    </message>
    <message>
        <source>A telephone number has figures and spaces, and perhaps + before them.</source>
        <translation>Et telefonnummer har tall og mellomrom, og kanskje + foran.</translation>
    </message>
    <message>
        <source>Write a radio&apos;s call sign or a telephone number.</source>
        <translation>Skriv kallesignalet til en radio eller et telefonnummer.</translation>
    </message>
    <message>
        <source>Write for how many hours, 1 to 72.</source>
        <translation>Skriv hvor mange timer, 1 til 72.</translation>
    </message>
    <message>
        <source>On duty: {0}, {1}</source>
        <translation>På vakt: {0}, {1}</translation>
    </message>
    <message>
        <source>Off duty: {0}, {1}. Enter puts it back.</source>
        <translation>Av vakt: {0}, {1}. Enter angrer.</translation>
    </message>
    <message>
        <source>Duty list</source>
        <translation>Vaktliste</translation>
    </message>
    <message>
        <source>Who is on duty; Enter changes</source>
        <translation>Hvem som er på vakt; Enter endrer</translation>
    </message>
    <message>
        <source>Off duty</source>
        <translation>Av vakt</translation>
    </message>
    <message>
        <source>Take the chosen one off duty now</source>
        <translation>Ta den valgte av vakt nå</translation>
    </message>
    <message>
        <source>Another</source>
        <translation>Ny</translation>
    </message>
    <message>
        <source>Empty the form for somebody else</source>
        <translation>Tøm skjemaet for en annen</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>På vakt</translation>
    </message>
    <message>
        <source>On duty from now on</source>
        <translation>På vakt fra nå av</translation>
    </message>
    <message>
        <source>On duty as</source>
        <translation>Vakt som</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Navn</translation>
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
        <translation>Timer</translation>
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
        <translation>{0} til, {1} ukvittert, nyeste {2}</translation>
    </message>
    <message>
        <source>1 unacknowledged more, newest {0}</source>
        <translation>1 ukvittert til, nyeste {0}</translation>
    </message>
    <message>
        <source>{0} unacknowledged more, newest {1}</source>
        <translation>{0} ukvitterte til, nyeste {1}</translation>
    </message>
    <message>
        <source>{0} more, newest {1}</source>
        <translation>{0} til, nyeste {1}</translation>
    </message>
</context>
<context>
    <name>FollowChip</name>
    <message>
        <source>Follows {0}</source>
        <translation>Følger {0}</translation>
    </message>
    <message>
        <source>Let the map go (Esc)</source>
        <translation>Slipp kartet (Esc)</translation>
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
        <translation>Du snakker i {0} grupper</translation>
    </message>
    <message>
        <source>Alone</source>
        <translation>Bare valgt</translation>
    </message>
    <message>
        <source>Talk in the selected talkgroup alone</source>
        <translation>Snakk bare i valgt talegruppe</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
    <message>
        <source>Talk in those groups again</source>
        <translation>Snakk i de gruppene igjen</translation>
    </message>
    <message>
        <source>Where the voice goes</source>
        <translation>Hvor stemmen går</translation>
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
        <translation>ØVELSE: {0}</translation>
    </message>
    <message>
        <source>In it: {0}</source>
        <translation>Med: {0}</translation>
    </message>
    <message>
        <source>{0} has made the talkgroup {1}, with {2}.</source>
        <translation>{0} har laget talegruppen {1}, med {2}.</translation>
    </message>
    <message>
        <source>The talkgroup {1} is made, with {2}.</source>
        <translation>Talegruppen {1} er laget, med {2}.</translation>
    </message>
    <message>
        <source>You are in the talkgroup {1} now, with {2}.</source>
        <translation>Du er med i talegruppen {1} nå, med {2}.</translation>
    </message>
    <message>
        <source>The talkgroup {1} is over: ended by {0}.</source>
        <translation>Talegruppen {1} er slutt: avsluttet av {0}.</translation>
    </message>
    <message>
        <source>The talkgroup {1} is over: its time is out.</source>
        <translation>Talegruppen {1} er slutt: tiden er ute.</translation>
    </message>
    <message>
        <source>You are in the talkgroup {1} no more.</source>
        <translation>Du er ikke lenger med i talegruppen {1}.</translation>
    </message>
    <message>
        <source>nobody else</source>
        <translation>ingen andre</translation>
    </message>
    <message>
        <source>Its sound is on its way.</source>
        <translation>Lyden er på vei.</translation>
    </message>
    <message>
        <source>It is heard here. To talk in it:</source>
        <translation>Den høres her. For å snakke:</translation>
    </message>
    <message>
        <source>Talk here now</source>
        <translation>Snakk her nå</translation>
    </message>
    <message>
        <source>The talk key talks in this group</source>
        <translation>Taletasten snakker i denne gruppen</translation>
    </message>
    <message>
        <source>Go to the talkgroup&apos;s tile</source>
        <translation>Gå til flisen til talegruppen</translation>
    </message>
    <message>
        <source>Show its tile</source>
        <translation>Vis flisen</translation>
    </message>
    <message>
        <source>I know: take this away</source>
        <translation>Jeg vet det: ta dette bort</translation>
    </message>
</context>
<context>
    <name>GroupChip</name>
    <message>
        <source>Don&apos;t talk there</source>
        <translation>Ikke snakk der</translation>
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
        <translation>Dempet</translation>
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
        <translation>Ulest</translation>
    </message>
    <message>
        <source>Talkgroup</source>
        <translation>Talegruppe</translation>
    </message>
    <message>
        <source>Joined</source>
        <translation>Koblet</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>På vakt</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Ubesvart</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>Logget seg av</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>is not heard at this desk</source>
        <translation>høres ikke på denne plassen</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>hos {0}</translation>
    </message>
    <message>
        <source>acknowledged by {0}, nobody has it</source>
        <translation>kvittert av {0}, ingen har den</translation>
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
        <translation>ringte, og fikk ikke svar</translation>
    </message>
    <message>
        <source>{0} calls not heard here</source>
        <translation>{0} anrop er ikke hørt her</translation>
    </message>
</context>
<context>
    <name>HandoverPage</name>
    <message>
        <source>Nobody has said yet that this was read.</source>
        <translation>Ingen har sagt ennå at dette er lest.</translation>
    </message>
    <message>
        <source>Read last by {0}, {1}, at {2}</source>
        <translation>Sist lest av {0}, {1}, på {2}</translation>
    </message>
    <message>
        <source>Who takes over reads it, signs in (F9) and says so here.</source>
        <translation>Den som tar over, leser, logger inn (F9) og sier fra her.</translation>
    </message>
    <message>
        <source>Hand-over {0}, made by {1}</source>
        <translation>Vaktoverlevering {0}, laget av {1}</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Ingenting er åpent</translation>
    </message>
    <message>
        <source>Noted: {0} has read it</source>
        <translation>Notert: {0} har lest det</translation>
    </message>
    <message>
        <source>Copied, and noted: {0}</source>
        <translation>Kopiert og notert: {0}</translation>
    </message>
    <message>
        <source>Not copied: it could not be noted</source>
        <translation>Ikke kopiert: det kunne ikke noteres</translation>
    </message>
    <message>
        <source>Not saved: it could not be noted</source>
        <translation>Ikke lagret: det kunne ikke noteres</translation>
    </message>
    <message>
        <source>hand-over</source>
        <translation>vaktoverlevering</translation>
    </message>
    <message>
        <source>Not saved: {0}</source>
        <translation>Ikke lagret: {0}</translation>
    </message>
    <message>
        <source>Saved, and noted: {0}</source>
        <translation>Lagret, og notert: {0}</translation>
    </message>
    <message>
        <source>Hand-over: what is open</source>
        <translation>Vaktoverlevering: det som er åpent</translation>
    </message>
    <message>
        <source>What is open; Enter leads there</source>
        <translation>Det som er åpent; Enter går dit</translation>
    </message>
    <message>
        <source>All of the chosen row</source>
        <translation>Hele den valgte raden</translation>
    </message>
    <message>
        <source>Hear again</source>
        <translation>Hør igjen</translation>
    </message>
    <message>
        <source>Hear the muted talkgroups again</source>
        <translation>Hør de dempede talegruppene igjen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopier</translation>
    </message>
    <message>
        <source>Copy it as text; it is noted</source>
        <translation>Kopier som tekst; det noteres</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Lagre</translation>
    </message>
    <message>
        <source>Save it as a text file; it is noted</source>
        <translation>Lagre som tekstfil; det noteres</translation>
    </message>
    <message>
        <source>I have read this</source>
        <translation>Jeg har lest dette</translation>
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
        <translation>Taster</translation>
    </message>
    <message>
        <source>Find a key, or what it does</source>
        <translation>Finn en tast, eller hva den gjør</translation>
    </message>
    <message>
        <source>Close the help</source>
        <translation>Lukk hjelpen</translation>
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
        <translation>Bare: {0}</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>valgt</translation>
    </message>
</context>
<context>
    <name>LandmarkBar</name>
    <message>
        <source>Incident {0}</source>
        <translation>Hendelse {0}</translation>
    </message>
    <message>
        <source>{0}; press for another kind</source>
        <translation>{0}; trykk for en annen type</translation>
    </message>
    <message>
        <source>Change: {0}</source>
        <translation>Endre: {0}</translation>
    </message>
    <message>
        <source>Incident pin, seen at all desks for a day</source>
        <translation>Kartnål for en hendelse, synlig på alle plasser i et døgn</translation>
    </message>
    <message>
        <source>Place of the site, seen at all desks until it is removed</source>
        <translation>Eget sted, synlig på alle plasser til det fjernes</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ikke nå</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Navn</translation>
    </message>
    <message>
        <source>Name of the pin or place</source>
        <translation>Navn på kartnålen eller stedet</translation>
    </message>
    <message>
        <source>Note, without a patient&apos;s name</source>
        <translation>Notat, uten pasientens navn</translation>
    </message>
</context>
<context>
    <name>LandmarkHands</name>
    <message>
        <source>the chosen place</source>
        <translation>det valgte stedet</translation>
    </message>
    <message>
        <source>This desk may mark no places on the map.</source>
        <translation>Denne plassen kan ikke merke steder i kartet.</translation>
    </message>
    <message>
        <source>Move {0}: click where it is, or arrows and Enter. Esc: it stays.</source>
        <translation>Flytt {0}: klikk der det er, eller piltaster og Enter. Esc: den blir stående.</translation>
    </message>
    <message>
        <source>{0} has been removed meanwhile.</source>
        <translation>{0} er fjernet i mellomtiden.</translation>
    </message>
    <message>
        <source>{0} could not be moved: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} ble ikke flyttet: det kan ikke lagres. Si det over samband.</translation>
    </message>
    <message>
        <source>Moved: {0}</source>
        <translation>Flyttet: {0}</translation>
    </message>
    <message>
        <source>{0} could not be set: it can&apos;t be kept. Say it by voice.</source>
        <translation>{0} ble ikke satt: det kan ikke lagres. Si det over samband.</translation>
    </message>
    <message>
        <source>Changed: {0}</source>
        <translation>Endret: {0}</translation>
    </message>
    <message>
        <source>On the map: {0}</source>
        <translation>I kartet: {0}</translation>
    </message>
    <message>
        <source>{0} could not be removed: it can&apos;t be kept.</source>
        <translation>{0} ble ikke fjernet: det kan ikke lagres.</translation>
    </message>
    <message>
        <source>Removed: {0} ({1})</source>
        <translation>Fjernet: {0} ({1})</translation>
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
        <translation>Høres svakere eller ikke: {0}.</translation>
    </message>
    <message>
        <source>In use, left as it is: {0}.</source>
        <translation>I bruk, står som nå: {0}.</translation>
    </message>
    <message>
        <source>{0} streams did not fit.</source>
        <translation>{0} strømmer fikk ikke plass.</translation>
    </message>
    <message>
        <source>Number keys now: {0}.</source>
        <translation>Talltastene er nå: {0}.</translation>
    </message>
    <message>
        <source>The page {0} is made.</source>
        <translation>Siden {0} er laget.</translation>
    </message>
    <message>
        <source>The page {0} is called {1} now.</source>
        <translation>Siden {0} heter nå {1}.</translation>
    </message>
    <message>
        <source>The page {0} is deleted; its talkgroups are among all.</source>
        <translation>Siden {0} er slettet; talegruppene står under Alle.</translation>
    </message>
    <message>
        <source>The page {0} is moved.</source>
        <translation>Siden {0} er flyttet.</translation>
    </message>
    <message>
        <source>{0} is on the page {1} now.</source>
        <translation>{0} er nå på siden {1}.</translation>
    </message>
    <message>
        <source>{0} is taken from the page {1}.</source>
        <translation>{0} er tatt bort fra siden {1}.</translation>
    </message>
    <message>
        <source>{0} is a favourite: first on each page.</source>
        <translation>{0} er favoritt: først på hver side.</translation>
    </message>
    <message>
        <source>{0} is no favourite any more.</source>
        <translation>{0} er ikke favoritt lenger.</translation>
    </message>
    <message>
        <source>{0} is moved.</source>
        <translation>{0} er flyttet.</translation>
    </message>
    <message>
        <source>{0} sounds from another place.</source>
        <translation>{0} høres fra en annen plass.</translation>
    </message>
    <message>
        <source>This layout is the standard of {0} now.</source>
        <translation>Dette oppsettet er nå standard for {0}.</translation>
    </message>
    <message>
        <source>The layout of {0} is here, saved {2}.</source>
        <translation>Oppsettet til {0} er her, lagret {2}.</translation>
    </message>
    <message>
        <source>The standard layout of {0} is here, saved {2}.</source>
        <translation>Standardoppsettet for {0} er her, lagret {2}.</translation>
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
        <translation>Gi «{0}» nytt navn …</translation>
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
        <translation>Flytt «{0}» til høyre</translation>
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
        <translation>Dempet fra før du kom: {0}.</translation>
    </message>
    <message>
        <source>Hear again</source>
        <translation>Hør igjen</translation>
    </message>
    <message>
        <source>Hear the muted talkgroups again</source>
        <translation>Hør de dempede talegruppene igjen</translation>
    </message>
    <message>
        <source>Leave muted</source>
        <translation>La være dempet</translation>
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
        <translation>Lagre listen: tid, slag, hvem, gruppe og tekst for alt som ble funnet</translation>
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
        <translation>Noen</translation>
    </message>
    <message>
        <source>Safety alarm</source>
        <translation>Sikkerhetsalarm</translation>
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
        <translation>Avsluttet alarmen fra {0}</translation>
    </message>
    <message>
        <source>To {0}: {1}</source>
        <translation>Til {0}: {1}</translation>
    </message>
    <message>
        <source>Noted about {0}&apos;s alarm</source>
        <translation>Notat om alarmen fra {0}</translation>
    </message>
    <message>
        <source>Sent to {0}&apos;s alarm</source>
        <translation>Sendt til alarmen fra {0}</translation>
    </message>
    <message>
        <source>Called out {0}: {1}</source>
        <translation>Varslet {0}: {1}</translation>
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
        <translation>forsinket</translation>
    </message>
    <message>
        <source>{0} answers the call-out: {1}</source>
        <translation>{0} svarer på utkallingen: {1}</translation>
    </message>
    <message>
        <source>Called {0}</source>
        <translation>Ringte {0}</translation>
    </message>
    <message>
        <source>Ended a call</source>
        <translation>Avsluttet en samtale</translation>
    </message>
    <message>
        <source>Ended the call of {0} to {1}</source>
        <translation>Avsluttet samtalen fra {0} til {1}</translation>
    </message>
    <message>
        <source>Rejected the call of {0} to {1}</source>
        <translation>Avviste anropet fra {0} til {1}</translation>
    </message>
    <message>
        <source>Busy: the call of {0} to {1}</source>
        <translation>Opptatt: anropet fra {0} til {1}</translation>
    </message>
    <message>
        <source>No answer: the call of {0} to {1}</source>
        <translation>Ikke svar: anropet fra {0} til {1}</translation>
    </message>
    <message>
        <source>Given up: the call of {0} to {1}</source>
        <translation>Avbrutt: anropet fra {0} til {1}</translation>
    </message>
    <message>
        <source>Lost: the call of {0} to {1}</source>
        <translation>Brutt: samtalen fra {0} til {1}</translation>
    </message>
    <message>
        <source>Called it off</source>
        <translation>Avlyste utkallingen</translation>
    </message>
    <message>
        <source>Ended the call-out</source>
        <translation>Avsluttet utkallingen</translation>
    </message>
    <message>
        <source>Formed the talkgroup {0}: {1}</source>
        <translation>Opprettet talegruppen {0}: {1}</translation>
    </message>
    <message>
        <source>The talkgroup {0} has lapsed</source>
        <translation>Talegruppen {0} er utløpt</translation>
    </message>
    <message>
        <source>Ended the talkgroup {0}</source>
        <translation>Avsluttet talegruppen {0}</translation>
    </message>
    <message>
        <source>false press</source>
        <translation>utløst ved feil</translation>
    </message>
    <message>
        <source>Refused to join {0}: one of them is joined already</source>
        <translation>Kunne ikke koble sammen {0}: en av dem er allerede koblet</translation>
    </message>
    <message>
        <source>Joined {0}</source>
        <translation>Koblet sammen {0}</translation>
    </message>
    <message>
        <source>{0} are joined no more</source>
        <translation>{0} er ikke koblet sammen lenger</translation>
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
        <translation>Vakten er avsluttet: {0}</translation>
    </message>
    <message>
        <source>Has read the hand-over: {0} alarms, {1} call-outs, {2} messages open</source>
        <translation>Har lest vaktoverleveringen: {0} alarmer, {1} utkallinger, {2} meldinger åpne</translation>
    </message>
    <message>
        <source>Site place: {0}</source>
        <translation>Eget sted: {0}</translation>
    </message>
    <message>
        <source>Incident pin: {0}</source>
        <translation>Kartnål for hendelse: {0}</translation>
    </message>
    <message>
        <source>Removed the site place {0}</source>
        <translation>Fjernet det egne stedet {0}</translation>
    </message>
    <message>
        <source>Removed the incident pin {0}</source>
        <translation>Fjernet kartnålen {0}</translation>
    </message>
    <message>
        <source>{0} says far too much to everybody: alarms may come late</source>
        <translation>{0} sier altfor mye til alle: alarmer kan komme sent</translation>
    </message>
    <message>
        <source>Status: {0}</source>
        <translation>Status: {0}</translation>
    </message>
    <message>
        <source>Nobody has acknowledged {0}&apos;s alarm</source>
        <translation>Ingen har kvittert alarmen fra {0}</translation>
    </message>
    <message>
        <source>Acknowledged {0}&apos;s alarm</source>
        <translation>Kvitterte alarmen fra {0}</translation>
    </message>
    <message>
        <source>Took over {0}&apos;s alarm</source>
        <translation>Tok over alarmen fra {0}</translation>
    </message>
    <message>
        <source>Reopened {0}&apos;s alarm: closed by a slip</source>
        <translation>Gjenåpnet alarmen til {0}: avsluttet ved en glipp</translation>
    </message>
    <message>
        <source>No answer yet from {0}</source>
        <translation>Ikke svar ennå fra {0}</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>Logget seg på</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>Logget seg av</translation>
    </message>
    <message>
        <source>Spoke</source>
        <translation>Snakket</translation>
    </message>
    <message>
        <source>Desk joined</source>
        <translation>Plassen ble tilkoblet</translation>
    </message>
    <message>
        <source>Desk left</source>
        <translation>Plassen ble frakoblet</translation>
    </message>
    <message>
        <source>Enrolled: {0}</source>
        <translation>Innmeldt: {0}</translation>
    </message>
    <message>
        <source>Taken out: {0}</source>
        <translation>Tatt ut: {0}</translation>
    </message>
    <message>
        <source>{0} wrong codes were tried while the one for {1} is open</source>
        <translation>{0} feil koder er prøvd mens koden for {1} er åpen</translation>
    </message>
    <message>
        <source>Too many wrong PINs for {0}</source>
        <translation>For mange feil PIN for {0}</translation>
    </message>
    <message>
        <source>{0} asks the site far too often; the others notice nothing of it</source>
        <translation>{0} spør sentralen altfor ofte; de andre merker ingenting</translation>
    </message>
    <message>
        <source>The call {0} was answered</source>
        <translation>Samtalen {0} ble besvart</translation>
    </message>
</context>
<context>
    <name>LogAway</name>
    <message>
        <source>No room for the log here</source>
        <translation>Loggen får ikke plass her</translation>
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
        <translation>Logg, nyeste først</translation>
    </message>
    <message>
        <source>Nothing has happened yet</source>
        <translation>Ingenting har hendt ennå</translation>
    </message>
    <message>
        <source>(not confirmed)</source>
        <translation>(ikke bekreftet)</translation>
    </message>
    <message>
        <source>What has happened is unknown</source>
        <translation>Det er ukjent hva som har hendt</translation>
    </message>
    <message>
        <source>Alarms, statuses and conversations are noted here, newest on top.</source>
        <translation>Alarmer, statuser og samtaler føres her, nyeste øverst.</translation>
    </message>
</context>
<context>
    <name>MapAway</name>
    <message>
        <source>The map has a window of its own</source>
        <translation>Kartet står i et eget vindu</translation>
    </message>
    <message>
        <source>Ctrl+E brings it back.</source>
        <translation>Ctrl+E henter det tilbake.</translation>
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
        <translation>Bare grunnkartet</translation>
    </message>
    <message>
        <source>Choose a file …</source>
        <translation>Velg en fil …</translation>
    </message>
    <message>
        <source>Files in {0} are listed here.</source>
        <translation>Filer i {0} står i denne listen.</translation>
    </message>
    <message>
        <source>{0}: can&apos;t be shown</source>
        <translation>{0}: kan ikke vises</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>Vis det</translation>
    </message>
    <message>
        <source>Parts of it that can&apos;t be read: {0}</source>
        <translation>Deler som ikke kan leses: {0}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Prøv igjen</translation>
    </message>
    <message>
        <source>Take it off this list</source>
        <translation>Ta det ut av listen</translation>
    </message>
    <message>
        <source>{0}: does not work</source>
        <translation>{0}: virker ikke</translation>
    </message>
    <message>
        <source>Show it, and ask {0} for it</source>
        <translation>Vis det, og hent det fra {0}</translation>
    </message>
    <message>
        <source>{0} learns which part of the map is looked at here.</source>
        <translation>{0} får vite hvilken del av kartet som vises her.</translation>
    </message>
    <message>
        <source>Questions without an answer: {0}</source>
        <translation>Spørsmål uten svar: {0}</translation>
    </message>
</context>
<context>
    <name>MapFileDialog</name>
    <message>
        <source>Choose a map</source>
        <translation>Velg et kart</translation>
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
        <translation>Navn:</translation>
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
        <translation>Ingen enhet i {0} har posisjon.</translation>
    </message>
    <message>
        <source>{0} has not moved yet: its trail is drawn from here on.</source>
        <translation>{0} har ikke flyttet seg ennå: Sporet tegnes fra nå av.</translation>
    </message>
    <message>
        <source>The trail of {0} is not drawn any more.</source>
        <translation>Sporet til {0} tegnes ikke lenger.</translation>
    </message>
    <message>
        <source>No unit is chosen: choose one in the list or on the map.</source>
        <translation>Ingen enhet er valgt: Velg en i listen eller på kartet.</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>This view is kept as {0}: V shows it again.</source>
        <translation>Utsnittet er lagret som {0}: V viser det igjen.</translation>
    </message>
    <message>
        <source>There are as many views as can be kept: forget one first (V).</source>
        <translation>Det er ikke plass til flere utsnitt: glem ett først (V).</translation>
    </message>
    <message>
        <source>{0} is forgotten.</source>
        <translation>{0} er glemt.</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>The map is saved: {0}</source>
        <translation>Kartet er lagret: {0}</translation>
    </message>
    <message>
        <source>{0} can&apos;t be written: choose another folder, or make room.</source>
        <translation>{0} kan ikke skrives: velg en annen mappe, eller frigjør plass.</translation>
    </message>
    <message>
        <source>Print the map</source>
        <translation>Skriv ut kartet</translation>
    </message>
    <message>
        <source>The printer takes nothing: save the map as a PDF instead.</source>
        <translation>Skriveren tar ikke imot noe: lagre kartet som PDF i stedet.</translation>
    </message>
</context>
<context>
    <name>MapPlace</name>
    <message>
        <source>The map can&apos;t be shown</source>
        <translation>Kartet kan ikke vises</translation>
    </message>
    <message>
        <source>The map is being loaded</source>
        <translation>Kartet lastes</translation>
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
        <translation>Vis alle enheter (Home)</translation>
    </message>
    <message>
        <source>Show the alarm</source>
        <translation>Vis alarmen</translation>
    </message>
    <message>
        <source>Find a place or an address (Ctrl+O)</source>
        <translation>Finn et sted eller en adresse (Ctrl+O)</translation>
    </message>
    <message>
        <source>To a window of its own</source>
        <translation>Til et eget vindu</translation>
    </message>
    <message>
        <source>Back into the desk&apos;s window</source>
        <translation>Tilbake i hovedvinduet</translation>
    </message>
    <message>
        <source>Views, pictures, units in view (V)</source>
        <translation>Utsnitt, bilder, enheter i utsnittet (V)</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Kart</translation>
    </message>
    <message>
        <source>Map: GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0) · without roads</source>
        <translation>Kart: GSHHG/WDBII (LGPL) · GeoNames, © Kartverket (CC BY 4.0) · uten veier</translation>
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
        <translation>Akutthjelper</translation>
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
        <translation>Bakgrunnskartet kan ikke leses</translation>
    </message>
    <message>
        <source>Alarm, not acknowledged</source>
        <translation>Alarm, ikke kvittert</translation>
    </message>
    <message>
        <source>Alarm, acknowledged</source>
        <translation>Alarm, kvittert</translation>
    </message>
    <message>
        <source>Position {0} s old</source>
        <translation>Posisjon {0} s gammel</translation>
    </message>
    <message>
        <source>Position {0} min old</source>
        <translation>Posisjon {0} min gammel</translation>
    </message>
    <message>
        <source>Position {0} h old</source>
        <translation>Posisjon {0} t gammel</translation>
    </message>
</context>
<context>
    <name>MasterVolume</name>
    <message>
        <source>Hear voices again</source>
        <translation>Hør stemmer igjen</translation>
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
        <translation>Rettetasten: én tilbake</translation>
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
        <translation>Hør deg selv</translation>
    </message>
    <message>
        <source>No microphone is chosen</source>
        <translation>Ingen mikrofon er valgt</translation>
    </message>
    <message>
        <source>The microphone is not there</source>
        <translation>Mikrofonen er ikke der</translation>
    </message>
    <message>
        <source>No signal: is it muted?</source>
        <translation>Ingen lyd: er den slått av?</translation>
    </message>
    <message>
        <source>Too loud</source>
        <translation>For høyt</translation>
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
        <translation>Det systemet velger</translation>
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
        <translation>Jevn ut nivået mitt</translation>
    </message>
    <message>
        <source>Hear my own voice softly while I talk</source>
        <translation>Hør meg selv svakt mens jeg snakker</translation>
    </message>
</context>
<context>
    <name>MuteBar</name>
    <message>
        <source>All voices are muted for {0} s more.</source>
        <translation>Alle stemmer er dempet i {0} s til.</translation>
    </message>
    <message>
        <source>Hear voices again</source>
        <translation>Hør stemmer igjen</translation>
    </message>
    <message>
        <source>Alarms are heard.</source>
        <translation>Alarmer høres.</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Start a site on this machine</source>
        <translation>Start en sentral på denne maskinen</translation>
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
        <translation>Ingen snakker</translation>
    </message>
    <message>
        <source>Following {0}</source>
        <translation>Følger {0}</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>{0} s igjen</translation>
    </message>
    <message>
        <source>Stop following</source>
        <translation>Slutt å følge</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Følg</translation>
    </message>
    <message>
        <source>All are heard as before</source>
        <translation>Alle høres som før</translation>
    </message>
    <message>
        <source>Follow this conversation: the others become faint, and are kept to be caught up on</source>
        <translation>Følg denne samtalen: de andre blir svake og tas vare på, så du kan ta dem igjen</translation>
    </message>
    <message>
        <source>FOLLOWING</source>
        <translation>FØLGER</translation>
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
        <translation>MOTTAR</translation>
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
        <translation>Slik det var før sentralen kom utenfor rekkevidde:</translation>
    </message>
    <message>
        <source>{0} – gone since {1}</source>
        <translation>{0} – borte siden {1}</translation>
    </message>
    <message>
        <source>Other desks here: {0}</source>
        <translation>Andre plasser her: {0}</translation>
    </message>
</context>
<context>
    <name>OwnAlarmBar</name>
    <message>
        <source>False press ({0} s)</source>
        <translation>Utløst ved feil ({0} s)</translation>
    </message>
    <message>
        <source>Your alarm is not delivered yet: it goes out as soon as it can.</source>
        <translation>Alarmen din er ikke levert ennå: den sendes så snart det går.</translation>
    </message>
    <message>
        <source>Your alarm was seen by {0}. Your talk key breaks in.</source>
        <translation>Alarmen din er sett av {0}. Taletasten din bryter inn.</translation>
    </message>
    <message>
        <source>{0} sees to your alarm. Your talk key breaks in.</source>
        <translation>{0} tar seg av alarmen din. Taletasten din bryter inn.</translation>
    </message>
    <message>
        <source>Your alarm is raised, nobody has answered yet. Your talk key breaks in.</source>
        <translation>Alarmen din er utløst, ingen har svart ennå. Taletasten din bryter inn.</translation>
    </message>
</context>
<context>
    <name>OwnAlarmButton</name>
    <message>
        <source>OWN ALARM</source>
        <translation>EGEN ALARM</translation>
    </message>
    <message>
        <source>Raise an alarm of this desk: hold for 1 s</source>
        <translation>Utløs alarm for denne plassen: hold i 1 s</translation>
    </message>
    <message>
        <source>Raise an alarm of this desk: hold for 1 s, or hold Ctrl+Shift+A</source>
        <translation>Utløs alarm for denne plassen: hold i 1 s, eller hold Ctrl+Shift+A</translation>
    </message>
    <message>
        <source>hold 1 s</source>
        <translation>hold i 1 s</translation>
    </message>
</context>
<context>
    <name>OwnMaps</name>
    <message>
        <source>Which map is shown</source>
        <translation>Hvilket kart som vises</translation>
    </message>
    <message>
        <source>{0}: does not work</source>
        <translation>{0}: virker ikke</translation>
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
        <translation>Lukk denne siden</translation>
    </message>
</context>
<context>
    <name>PageTab</name>
    <message>
        <source>shown</source>
        <translation>vises</translation>
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
        <translation>Mottar: {0}</translation>
    </message>
    <message>
        <source>Missed calls: {0}</source>
        <translation>Samtaler du ikke har hørt: {0}</translation>
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
        <translation>Flere</translation>
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
        <translation>{0} av {1} har den, {2} har lest den</translation>
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
        <translation>lest</translation>
    </message>
    <message>
        <source>no answer: {0}</source>
        <translation>uten svar: {0}</translation>
    </message>
    <message>
        <source>Called off</source>
        <translation>Avlyst</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Avsluttet</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>til {0}</translation>
    </message>
    <message>
        <source>Refused: one of them is joined already</source>
        <translation>Avvist: én av dem er koblet sammen allerede</translation>
    </message>
    <message>
        <source>This desk is in an exercise and reaches nobody real: {0}.</source>
        <translation>Denne plassen er i øvelse og når ingen ekte: {0}.</translation>
    </message>
    <message>
        <source>Real and exercise are never mixed. Exercise: {0}.</source>
        <translation>Ekte og øvelse blandes aldri. Øvelse: {0}.</translation>
    </message>
    <message>
        <source>There is a talkgroup {0} already: give it another name.</source>
        <translation>Talegruppen {0} finnes fra før: gi den et annet navn.</translation>
    </message>
    <message>
        <source>{0} is joined with another already: end that first.</source>
        <translation>{0} er koblet sammen allerede: avslutt det først.</translation>
    </message>
    <message>
        <source>on its way: the site has not got it yet</source>
        <translation>på vei: ikke hos sentralen ennå</translation>
    </message>
    <message>
        <source>YES</source>
        <translation>JA</translation>
    </message>
    <message>
        <source>DELAYED</source>
        <translation>FORSINKET</translation>
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
        <translation>Ingen er valgt ennå</translation>
    </message>
    <message>
        <source>EXERCISE · {0}</source>
        <translation>ØVELSE · {0}</translation>
    </message>
    <message>
        <source>Taken out of the standard texts</source>
        <translation>Tatt ut av standardtekstene</translation>
    </message>
    <message>
        <source>Kept as a standard text for all at this site</source>
        <translation>Lagret som standardtekst for alle på denne sentralen</translation>
    </message>
    <message>
        <source>Keep text</source>
        <translation>Lagre tekst</translation>
    </message>
    <message>
        <source>Keep it as a standard text</source>
        <translation>Lagre den som standardtekst</translation>
    </message>
    <message>
        <source>Forget text</source>
        <translation>Glem tekst</translation>
    </message>
    <message>
        <source>No standard text any more</source>
        <translation>Ikke standardtekst lenger</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>valgt</translation>
    </message>
    <message>
        <source>begun, not sent</source>
        <translation>påbegynt, ikke sendt</translation>
    </message>
    <message>
        <source>What the message says</source>
        <translation>Meldingsteksten</translation>
    </message>
    <message>
        <source>Where they are to go, and what for</source>
        <translation>Hvor de skal, og hvorfor</translation>
    </message>
    <message>
        <source>The talkgroup&apos;s name, 12 characters at most</source>
        <translation>Talegruppens navn, høyst 12 tegn</translation>
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
        <translation>Opprett gruppen</translation>
    </message>
    <message>
        <source>Send the status</source>
        <translation>Send status</translation>
    </message>
    <message>
        <source>Join them</source>
        <translation>Koble sammen</translation>
    </message>
    <message>
        <source>Choose who first: type a name and press Enter, or click.</source>
        <translation>Velg hvem først: skriv et navn og trykk Enter, eller klikk.</translation>
    </message>
    <message>
        <source>A talkgroup can&apos;t be in another: choose units and desks.</source>
        <translation>En talegruppe kan ikke være med i en annen: velg enheter og plasser.</translation>
    </message>
    <message>
        <source>Choose a status: click it, or Alt and its figure.</source>
        <translation>Velg en status: klikk på den, eller Alt og tallet.</translation>
    </message>
    <message>
        <source>Write over what stands in ⟨brackets⟩: Enter goes to the next.</source>
        <translation>Skriv over det som står i ⟨hakeparentes⟩: Enter går til neste.</translation>
    </message>
    <message>
        <source>Choose two to four talkgroups: what is said in one is heard in all.</source>
        <translation>Velg to til fire talegrupper: det som sies i én, høres i alle.</translation>
    </message>
    <message>
        <source>Everybody who is chosen gets it. Who has read it shows below.</source>
        <translation>Alle som er valgt, får den. Hvem som har lest den, vises under.</translation>
    </message>
    <message>
        <source>They answer yes, no or delayed; after 2 minutes they are reminded.</source>
        <translation>De svarer ja, nei eller forsinket; etter 2 minutter får de påminnelse.</translation>
    </message>
    <message>
        <source>They and this desk are in it for 4 hours, or until you end it.</source>
        <translation>De og denne plassen er med i 4 timer, eller til du avslutter den.</translation>
    </message>
    <message>
        <source>It comes as a status message, on radios as well.</source>
        <translation>Den kommer som statusmelding, også på radioene.</translation>
    </message>
    <message>
        <source>All hear each other for 4 hours, or until somebody ends it.</source>
        <translation>Alle hører hverandre i 4 timer, eller til noen avslutter.</translation>
    </message>
    <message>
        <source>{0} has the same people already: you can talk there.</source>
        <translation>{0} har de samme med fra før: du kan snakke der.</translation>
    </message>
    <message>
        <source>By telephone alone: {0}</source>
        <translation>Bare på telefon: {0}</translation>
    </message>
    <message>
        <source>{0} began this and has not sent it. It goes in your name.</source>
        <translation>{0} begynte på dette og har ikke sendt det. Det går i ditt navn.</translation>
    </message>
    <message>
        <source>No more than 64 at a time.</source>
        <translation>Høyst 64 om gangen.</translation>
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
        <translation>Hvem: navn, status, vakt</translation>
    </message>
    <message>
        <source>Who can be chosen; Enter chooses</source>
        <translation>Hvem som kan velges; Enter velger</translation>
    </message>
    <message>
        <source>Choose nobody</source>
        <translation>Velg ingen</translation>
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
        <translation>Lege i vakt, en enhet og den du velger, i en talegruppe</translation>
    </message>
    <message>
        <source>Sent and received</source>
        <translation>Sendt og mottatt</translation>
    </message>
    <message>
        <source>Sent and received, what waits for you first</source>
        <translation>Sendt og mottatt, det som venter på deg først</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lest</translation>
    </message>
    <message>
        <source>Say that you have read it</source>
        <translation>Si at du har lest den</translation>
    </message>
    <message>
        <source>End what is chosen</source>
        <translation>Avslutt det som er valgt</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Avslutt</translation>
    </message>
    <message>
        <source>Nobody fits the search</source>
        <translation>Ingen passer til søket</translation>
    </message>
    <message>
        <source>Press Esc to see everybody again.</source>
        <translation>Trykk Esc for å se alle igjen.</translation>
    </message>
    <message>
        <source>Nothing has been sent yet</source>
        <translation>Ingenting er sendt ennå</translation>
    </message>
    <message>
        <source>Messages, call-outs and talkgroups appear here, with who has answered.</source>
        <translation>Meldinger, utkallinger og talegrupper kommer hit, med hvem som har svart.</translation>
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
        <translation>Forsinket</translation>
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
        <translation>Koble grupper</translation>
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
        <translation>Koblede grupper</translation>
    </message>
    <message>
        <source>This could not be kept, not even on this machine&apos;s disk. Say it by voice.</source>
        <translation>Dette kunne ikke lagres, heller ikke på denne maskinens disk. Si det på samband.</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>valgt</translation>
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
        <translation>Lagre kartet som bilde</translation>
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
        <translation>Enheter her</translation>
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
        <translation>PIN for {0}, eller F9 to ganger for et annet navn:</translation>
    </message>
    <message>
        <source>Asking the site …</source>
        <translation>Spør sentralen …</translation>
    </message>
    <message>
        <source>Name and PIN don&apos;t fit. {0}&apos;s PIN:</source>
        <translation>Navn og PIN stemmer ikke. PIN for {0}:</translation>
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
        <translation>Søket gikk ikke. Programmets logg sier hvorfor.</translation>
    </message>
    <message>
        <source>Nothing is found.</source>
        <translation>Ingenting er funnet.</translation>
    </message>
    <message>
        <source>What was imported is damaged and left out. Import it again (vaktbord places import).</source>
        <translation>Det som er hentet inn, er skadet og er utelatt. Hent det inn på nytt (vaktbord places import).</translation>
    </message>
    <message>
        <source>Known here: towns, villages and municipalities. An import of Kartverket&apos;s files brings all names and addresses (vaktbord places import).</source>
        <translation>Kjent her: byer, tettsteder og kommuner. En import av Kartverkets filer gir alle navn og adresser (vaktbord places import).</translation>
    </message>
    <message>
        <source>No addresses have been imported here.</source>
        <translation>Her er ingen adresser importert.</translation>
    </message>
    <message>
        <source>Names of farms, mountains and the like have not been imported.</source>
        <translation>Navn på gårder, fjell og liknende er ikke importert.</translation>
    </message>
    <message>
        <source>Place, address or coordinates</source>
        <translation>Sted, adresse eller koordinater</translation>
    </message>
    <message>
        <source>Find a place: its name, an address, or coordinates</source>
        <translation>Finn et sted: navnet, en adresse eller koordinater</translation>
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
        <translation>Kopier koordinater</translation>
    </message>
    <message>
        <source>Nearest units, a line, a pin …</source>
        <translation>Nærmeste enheter, en linje, en kartnål …</translation>
    </message>
    <message>
        <source>Take the mark away</source>
        <translation>Ta bort merket</translation>
    </message>
    <message>
        <source>Places that may be meant</source>
        <translation>Steder som kan være ment</translation>
    </message>
    <message>
        <source>Find a place</source>
        <translation>Finn et sted</translation>
    </message>
</context>
<context>
    <name>PlaceMenu</name>
    <message>
        <source>Copy coordinates</source>
        <translation>Kopier koordinater</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>now {0}, highest {1}</source>
        <translation>nå {0}, høyest {1}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>nå</translation>
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
        <translation>nå {0}</translation>
    </message>
    <message>
        <source>jitter (- -) {0}</source>
        <translation>ujevnt (- -) {0}</translation>
    </message>
    <message>
        <source>Delay and jitter, ms</source>
        <translation>Forsinkelse og ujevnt, ms</translation>
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
        <translation>Hendelser per sekund</translation>
    </message>
    <message>
        <source>Undelivered events</source>
        <translation>Ulevert, antall</translation>
    </message>
</context>
<context>
    <name>PostBar</name>
    <message>
        <source>{0} has called off the call-out: {1}</source>
        <translation>{0} har avlyst utkallingen: {1}</translation>
    </message>
    <message>
        <source>{0} calls out: {1}</source>
        <translation>{0} kaller ut: {1}</translation>
    </message>
    <message>
        <source>{0} writes: {1}</source>
        <translation>{0} skriver: {1}</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Show all messages and call-outs</source>
        <translation>Vis alle meldinger og utkallinger</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lest</translation>
    </message>
    <message>
        <source>Say that you have read it</source>
        <translation>Si at du har lest den</translation>
    </message>
</context>
<context>
    <name>PttGate</name>
    <message>
        <source>Stopped after a minute: let go and press again.</source>
        <translation>Stoppet etter ett minutt: slipp og trykk på nytt.</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>Replaying {0}</source>
        <translation>Spiller av {0}</translation>
    </message>
    <message>
        <source>Replay of {0} waits: the selected group talks</source>
        <translation>Avspilling av {0} venter: den valgte gruppen snakker</translation>
    </message>
    <message>
        <source>Replay of {0} waits: alarm</source>
        <translation>Avspilling av {0} venter: alarm</translation>
    </message>
    <message>
        <source>Nothing to replay.</source>
        <translation>Ingenting å spille av.</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Ukjent</translation>
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
        <translation>Stopp avspillingen</translation>
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
        <translation>Behold dem</translation>
    </message>
    <message>
        <source>All kept calls are deleted in {0} s.</source>
        <translation>Alle anrop slettes om {0} s.</translation>
    </message>
    <message>
        <source>Calls older than {0} are deleted in {1} s.</source>
        <translation>Anrop eldre enn {0} slettes om {1} s.</translation>
    </message>
    <message>
        <source>Keep no calls? All that are kept are deleted for good.</source>
        <translation>Ikke ta vare på anrop? Alle som finnes, slettes for godt.</translation>
    </message>
    <message>
        <source>Keep calls for {0}? Older ones are deleted for good.</source>
        <translation>Ta vare på anrop i {0}? Eldre slettes for godt.</translation>
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
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>answered: waiting for the site</source>
        <translation>besvart: venter på sentralen</translation>
    </message>
    <message>
        <source>ends the call with {0}</source>
        <translation>avslutter samtalen med {0}</translation>
    </message>
    <message>
        <source>{0} calls</source>
        <translation>{0} ringer</translation>
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
        <translation>Nasjonal veileder for nødnett i helsetjenesten, punkt {0}</translation>
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
        <translation>Uttrykk og regler, det som passer nå først</translation>
    </message>
    <message>
        <source>What fits now stands first. The phrases are said as they stand.</source>
        <translation>Det som passer nå, står først. Uttrykkene sies som de står.</translation>
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
        <translation>Navn:</translation>
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
        <translation>Finnes allerede. Nytt navn:</translation>
    </message>
</context>
<context>
    <name>SizeMenu</name>
    <message>
        <source>Size: {0} %</source>
        <translation>Størrelse: {0} %</translation>
    </message>
    <message>
        <source>Size: {0} % (this window holds {1} %)</source>
        <translation>Størrelse: {0} % (dette vinduet rommer {1} %)</translation>
    </message>
    <message>
        <source>{0} % (needs a larger window)</source>
        <translation>{0} % (krever et større vindu)</translation>
    </message>
</context>
<context>
    <name>SpeakerMenu</name>
    <message>
        <source>Loudspeaker for monitored groups</source>
        <translation>Høyttaler for medlyttede grupper</translation>
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
        <translation>Det systemet velger</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Places in the sound</source>
        <translation>Plasser i lydbildet</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>for hånd</translation>
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
        <translation>høyre</translation>
    </message>
</context>
<context>
    <name>StageBar</name>
    <message>
        <source>Drag, or use the arrows: ← → move, ↑ ↓ choose another one</source>
        <translation>Dra, eller bruk pilene: ← → flytter, ↑ ↓ velger en annen</translation>
    </message>
    <message>
        <source>No talkgroup of this page is heard</source>
        <translation>Ingen talegruppe på denne siden høres</translation>
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
        <translation>La denne stå der den står av seg selv</translation>
    </message>
    <message>
        <source>All automatic</source>
        <translation>Alle automatisk</translation>
    </message>
    <message>
        <source>Put all where they are by themselves</source>
        <translation>La alle stå der de står av seg selv</translation>
    </message>
    <message>
        <source>Close the stage</source>
        <translation>Lukk lydbildet</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>{0} (not confirmed)</source>
        <translation>{0} (ikke bekreftet)</translation>
    </message>
    <message>
        <source>The site</source>
        <translation>Sentralen</translation>
    </message>
    <message>
        <source>The exercise</source>
        <translation>Øvelsen</translation>
    </message>
</context>
<context>
    <name>TalkPage</name>
    <message>
        <source>The microphone is open while the key, the button or the pedal is down.</source>
        <translation>Mikrofonen er åpen så lenge tasten, knappen eller pedalen er nede.</translation>
    </message>
    <message>
        <source>Pressed once, the microphone stays open until the next press, Esc, a minute, a safety alarm, or another window. It is marked LOCKED OPEN all the while. A pedal that is pressed while another window is in front must be held.</source>
        <translation>Ett trykk åpner mikrofonen til neste trykk, Esc, ett minutt, en sikkerhetsalarm eller et annet vindu. Den er merket LÅST ÅPEN så lenge. En pedal som trykkes mens et annet vindu er fremst, må holdes.</translation>
    </message>
    <message>
        <source>Talk key</source>
        <translation>Taletast</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Hold for å snakke</translation>
    </message>
    <message>
        <source>Press to open, press to close</source>
        <translation>Trykk for å åpne, trykk for å lukke</translation>
    </message>
    <message>
        <source>Foot pedal, pad, or a key of its own</source>
        <translation>Fotpedal, spillkontroll eller egen tast</translation>
    </message>
    <message>
        <source>They work while another window is in front, too. Unplugged or broken, a pedal closes the microphone at once.</source>
        <translation>De virker også mens et annet vindu er fremst. Trekkes pedalen ut eller svikter den, lukkes mikrofonen med en gang.</translation>
    </message>
    <message>
        <source>Copy the rule for the system&apos;s administrator</source>
        <translation>Kopier regelen til den som har ansvar for maskinen</translation>
    </message>
</context>
<context>
    <name>TalkPlace</name>
    <message>
        <source>CANNOT SEND</source>
        <translation>KAN IKKE SENDE</translation>
    </message>
    <message>
        <source>HOLD TO TALK</source>
        <translation>HOLD FOR Å SNAKKE</translation>
    </message>
    <message>
        <source>PRESS TO TALK</source>
        <translation>TRYKK FOR Å SNAKKE</translation>
    </message>
    <message>
        <source>No floor control: listen before you talk</source>
        <translation>Ingen taletillatelse å få: lytt før du snakker</translation>
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
        <translation>Ukjent</translation>
    </message>
</context>
<context>
    <name>TextField</name>
    <message>
        <source>{0} characters did not fit. Look at the end.</source>
        <translation>{0} tegn fikk ikke plass. Se på slutten.</translation>
    </message>
    <message>
        <source>{0} characters are left out. Once more, and it goes like this.</source>
        <translation>{0} tegn er utelatt. Trykk en gang til, så går det slik.</translation>
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
        <translation>Hold for å snakke i {0}</translation>
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
        <translation>Ikke hørt i {0}: {1}. Hør det nå</translation>
    </message>
    <message>
        <source>In front at: {0}</source>
        <translation>Valgt ved: {0}</translation>
    </message>
    <message>
        <source>Heard at: {0}</source>
        <translation>Høres ved: {0}</translation>
    </message>
    <message>
        <source>The talk key talks here as well.</source>
        <translation>Taletasten snakker her også.</translation>
    </message>
    <message>
        <source>A favourite: it stands first on each page.</source>
        <translation>Favoritt: står først på hver side.</translation>
    </message>
    <message>
        <source>In the sound: {0}</source>
        <translation>I lydbildet: {0}</translation>
    </message>
    <message>
        <source>Faint while another is followed; kept to be caught up on.</source>
        <translation>Svakt mens en annen følges; tas vare på, så du kan ta den igjen.</translation>
    </message>
    <message>
        <source>Not encrypted: anybody on this network can hear it.</source>
        <translation>Ikke kryptert: alle på dette nettet kan høre den.</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>Station: {0}</source>
        <translation>Stasjon: {0}</translation>
    </message>
    <message>
        <source>Point here to see why</source>
        <translation>Pek her for å se hvorfor</translation>
    </message>
    <message>
        <source>Nothing heard yet</source>
        <translation>Ikke hørt ennå</translation>
    </message>
    <message>
        <source>Last: {0}, {1}</source>
        <translation>Sist: {0}, {1}</translation>
    </message>
    <message>
        <source>Heard from the loudspeaker.</source>
        <translation>Høres i høyttaleren.</translation>
    </message>
</context>
<context>
    <name>TileArea</name>
    <message>
        <source>Type a name first</source>
        <translation>Skriv et navn først</translation>
    </message>
    <message>
        <source>No more than 12 pages</source>
        <translation>Ikke flere enn 12 sider</translation>
    </message>
    <message>
        <source>That name is taken</source>
        <translation>Navnet er i bruk</translation>
    </message>
    <message>
        <source>Search talkgroup, purpose or station</source>
        <translation>Søk talegruppe, formål eller stasjon</translation>
    </message>
    <message>
        <source>Back to the pages</source>
        <translation>Tilbake til sidene</translation>
    </message>
    <message>
        <source>The page&apos;s new name, then Enter</source>
        <translation>Nytt navn på siden, så Enter</translation>
    </message>
    <message>
        <source>The new page&apos;s name, then Enter</source>
        <translation>Navn på den nye siden, så Enter</translation>
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
        <translation>Ingen talegruppe passer med søket</translation>
    </message>
    <message>
        <source>Press Esc to see the page again.</source>
        <translation>Trykk Esc for å se siden igjen.</translation>
    </message>
    <message>
        <source>No talkgroups on this page yet</source>
        <translation>Ingen talegrupper på denne siden ennå</translation>
    </message>
    <message>
        <source>Drag tiles to its tab, or use a tile&apos;s menu (P): “On pages”.</source>
        <translation>Dra fliser til fanen, eller bruk menyen til en flis (P): «På sider».</translation>
    </message>
    <message>
        <source>No talkgroups found yet on this network</source>
        <translation>Ingen talegrupper funnet på dette nettet ennå</translation>
    </message>
    <message>
        <source>They appear here as soon as a station announces one. If none comes: check the network cable, and run “vaktbord doctor”.</source>
        <translation>De kommer her så snart en stasjon kunngjør en. Kommer ingen: sjekk nettverkskabelen og kjør «vaktbord doctor».</translation>
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
        <translation>En øvelse skrus alltid ned for det som er ekte</translation>
    </message>
    <message>
        <source>Off: not heard at this desk</source>
        <translation>Av: høres ikke på denne plassen</translation>
    </message>
    <message>
        <source>Talk here as well (T)</source>
        <translation>Snakk her også (T)</translation>
    </message>
    <message>
        <source>Kept calls (Ctrl+R)</source>
        <translation>Anrop som er tatt vare på (Ctrl+R)</translation>
    </message>
    <message>
        <source>Favourite: first on each page</source>
        <translation>Favoritt: først på hver side</translation>
    </message>
    <message>
        <source>Place in the sound (S)</source>
        <translation>Plass i lydbildet (S)</translation>
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
        <translation>Meldinger</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarmer</translation>
    </message>
    <message>
        <source>Statuses</source>
        <translation>Statuser</translation>
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
        <translation>Samtaler</translation>
    </message>
    <message>
        <source>Duty</source>
        <translation>Vakt</translation>
    </message>
    <message>
        <source>Persons</source>
        <translation>Personer</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>Steder</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Tid</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Hvem</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Hva</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Lengde</translation>
    </message>
    <message>
        <source>it could not be noted who takes it out</source>
        <translation>det kunne ikke noteres hvem som tar det ut</translation>
    </message>
    <message>
        <source>voice spoke</source>
        <translation>tale snakket</translation>
    </message>
    <message>
        <source>messages</source>
        <translation>meldinger</translation>
    </message>
    <message>
        <source>alarms safety-alarm</source>
        <translation>alarmer alarmen sikkerhetsalarmer</translation>
    </message>
    <message>
        <source>statuses</source>
        <translation>statuser</translation>
    </message>
    <message>
        <source>callouts</source>
        <translation>utkallinger</translation>
    </message>
    <message>
        <source>talkgroups groups</source>
        <translation>talegrupper grupper</translation>
    </message>
    <message>
        <source>calls</source>
        <translation>samtaler anrop</translation>
    </message>
    <message>
        <source>duty</source>
        <translation>vakt</translation>
    </message>
    <message>
        <source>persons</source>
        <translation>personer</translation>
    </message>
    <message>
        <source>places pins</source>
        <translation>steder kartnåler</translation>
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
        <translation>Sekunder</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Av</translation>
    </message>
    <message>
        <source>Exercise</source>
        <translation>Øvelse</translation>
    </message>
</context>
<context>
    <name>TimelinePage</name>
    <message>
        <source>Only {0}</source>
        <translation>Bare {0}</translation>
    </message>
    <message>
        <source>exercise</source>
        <translation>øvelse</translation>
    </message>
    <message>
        <source>told by {0}</source>
        <translation>fra {0}</translation>
    </message>
    <message>
        <source>{0} newer</source>
        <translation>{0} nyere</translation>
    </message>
    <message>
        <source>Show the newest</source>
        <translation>Vis de nyeste</translation>
    </message>
    <message>
        <source>Only {0}; press to see all again</source>
        <translation>Bare {0}; trykk for å se alt igjen</translation>
    </message>
    <message>
        <source>Write a day as 24.11. or 24.11.2026</source>
        <translation>Skriv en dag som 24.11. eller 24.11.2026</translation>
    </message>
    <message>
        <source>Nothing new is kept here: {0}</source>
        <translation>Ingenting nytt blir lagret her: {0}</translation>
    </message>
    <message>
        <source>The log is being fetched …</source>
        <translation>Loggen hentes …</translation>
    </message>
    <message>
        <source>The log is still being read: {0} events so far</source>
        <translation>Loggen leses fortsatt: {0} hendelser så langt</translation>
    </message>
    <message>
        <source>Give your name above first: whoever copies or saves is noted.</source>
        <translation>Oppgi navnet ditt øverst først: den som kopierer eller lagrer, noteres.</translation>
    </message>
    <message>
        <source>The newest {0}; search more narrowly for older ones</source>
        <translation>De nyeste {0}; søk smalere for å se eldre</translation>
    </message>
    <message>
        <source>{0} events are kept. A word finds what begins with it.</source>
        <translation>{0} hendelser er lagret. Et ord finner alt som begynner slik.</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>Lagret: {0}</translation>
    </message>
    <message>
        <source>{0} was not saved: {1}</source>
        <translation>{0} ble ikke lagret: {1}</translation>
    </message>
    <message>
        <source>Saving {0} …</source>
        <translation>Lagrer {0} …</translation>
    </message>
    <message>
        <source>Copied, and noted: {0}</source>
        <translation>Kopiert og notert: {0}</translation>
    </message>
    <message>
        <source>Not copied: it could not be noted</source>
        <translation>Ikke kopiert: det kunne ikke noteres</translation>
    </message>
    <message>
        <source>Log and search</source>
        <translation>Logg og søk</translation>
    </message>
    <message>
        <source>Words, call signs, names</source>
        <translation>Ord, kallesignaler, navn</translation>
    </message>
    <message>
        <source>What has happened, newest first</source>
        <translation>Det som har hendt, nyeste først</translation>
    </message>
    <message>
        <source>All of the chosen row</source>
        <translation>Hele den valgte raden</translation>
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
        <translation>Spill av</translation>
    </message>
    <message>
        <source>Hear again what was said</source>
        <translation>Hør det som ble sagt, om igjen</translation>
    </message>
    <message>
        <source>On the map</source>
        <translation>På kartet</translation>
    </message>
    <message>
        <source>Show the unit on the map</source>
        <translation>Vis enheten på kartet</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopier</translation>
    </message>
    <message>
        <source>Copy the chosen rows; it is noted</source>
        <translation>Kopier de valgte radene; det noteres</translation>
    </message>
    <message>
        <source>Save list …</source>
        <translation>Lagre liste …</translation>
    </message>
    <message>
        <source>Save all that was found as a file; it is noted</source>
        <translation>Lagre alt som ble funnet, som en fil; det noteres</translation>
    </message>
    <message>
        <source>Nothing was found so far</source>
        <translation>Ingenting ble funnet så langt</translation>
    </message>
    <message>
        <source>The log is still being read.</source>
        <translation>Loggen leses fortsatt.</translation>
    </message>
    <message>
        <source>Nothing was found</source>
        <translation>Ingenting ble funnet</translation>
    </message>
    <message>
        <source>Fewer words or kinds, or a longer time, find more.</source>
        <translation>Færre ord eller slag, eller lengre tid, finner mer.</translation>
    </message>
    <message>
        <source>However old</source>
        <translation>Uansett alder</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>All tid</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>Siste time</translation>
    </message>
    <message>
        <source>Of the last hour</source>
        <translation>Fra den siste timen</translation>
    </message>
    <message>
        <source>This shift</source>
        <translation>Denne vakten</translation>
    </message>
    <message>
        <source>Since you signed in here; without a name, the last eight hours</source>
        <translation>Siden du logget på her; uten navn, de siste åtte timene</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Dag</translation>
    </message>
    <message>
        <source>Of one day</source>
        <translation>Fra én dag</translation>
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
        <translation>Hvem sitter her?</translation>
    </message>
    <message>
        <source>Change name, now {0}</source>
        <translation>Bytt navn, nå {0}</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>ingen</translation>
    </message>
    <message>
        <source>Not delivered: {0}</source>
        <translation>Ikke levert: {0}</translation>
    </message>
    <message>
        <source>The system&apos;s choice</source>
        <translation>Det systemet velger</translation>
    </message>
    <message>
        <source>No sound</source>
        <translation>Ingen lyd</translation>
    </message>
    <message>
        <source>No sound device</source>
        <translation>Ingen lydenhet</translation>
    </message>
    <message>
        <source>Pedal</source>
        <translation>Fotpedal</translation>
    </message>
    <message>
        <source>Pedal: see the menu</source>
        <translation>Fotpedal: se menyen</translation>
    </message>
    <message>
        <source>Site connected</source>
        <translation>Sentral tilkoblet</translation>
    </message>
    <message>
        <source>Site: connecting</source>
        <translation>Sentral: kobler til</translation>
    </message>
    <message>
        <source>Site out of reach</source>
        <translation>Sentral utenfor rekkevidde</translation>
    </message>
    <message>
        <source>Sound: starting</source>
        <translation>Lyd: starter</translation>
    </message>
    <message>
        <source>Sound stopped</source>
        <translation>Lyd stoppet</translation>
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
        <translation>{0} (ikke bekreftet)</translation>
    </message>
    <message>
        <source>Menu: theme, language, sound, help</source>
        <translation>Meny: fargetema, språk, lyd, hjelp</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ditt navn</translation>
    </message>
    <message>
        <source>Your name stands on every answer. Click to change it (F9).</source>
        <translation>Navnet ditt står på hvert svar. Klikk for å endre det (F9).</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
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
        <translation>Hold for å snakke</translation>
    </message>
    <message>
        <source>Press to open, press to close</source>
        <translation>Trykk for å åpne, trykk for å lukke</translation>
    </message>
    <message>
        <source>Foot pedal and other buttons …</source>
        <translation>Fotpedal og andre knapper …</translation>
    </message>
    <message>
        <source>Catch up at {0}×</source>
        <translation>Avspillingsfart {0}×</translation>
    </message>
    <message>
        <source>Make talkers equally loud</source>
        <translation>Lik lydstyrke for alle som snakker</translation>
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
        <translation>Anrop som er tatt vare på (Ctrl+R)</translation>
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
        <translation>Taster (F12)</translation>
    </message>
    <message>
        <source>A tour of this window</source>
        <translation>Omvisning i vinduet</translation>
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
        <translation>Avslutt omvisningen</translation>
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
        <translation>Avsluttet: {0}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Angre</translation>
    </message>
    <message>
        <source>Open the alarm again: it was a slip</source>
        <translation>Åpne alarmen igjen: det var en glipp</translation>
    </message>
</context>
<context>
    <name>UnitBar</name>
    <message>
        <source>More that can be done with the unit</source>
        <translation>Mer som kan gjøres med enheten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Avslutt</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>ØVELSE</translation>
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
        <translation>{0} kunne ikke legges til i {1}: det kan ikke lagres. Si det muntlig.</translation>
    </message>
    <message>
        <source>{0} is in {1} now</source>
        <translation>{0} er med i {1} nå</translation>
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
        <translation>Legg til i en talegruppe</translation>
    </message>
</context>
<context>
    <name>UnitPanel</name>
    <message>
        <source>Units</source>
        <translation>Enheter</translation>
    </message>
    <message>
        <source>Units, alarms first</source>
        <translation>Enheter, alarmer først</translation>
    </message>
    <message>
        <source>No unit fits the search</source>
        <translation>Ingen enhet passer til søket</translation>
    </message>
    <message>
        <source>{0} from {1}</source>
        <translation>{0} fra {1}</translation>
    </message>
    <message>
        <source>Sorted by: {0}. Press for another</source>
        <translation>Sortert etter: {0}. Trykk for en annen</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>Fra {0}</translation>
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
        <translation>valgt</translation>
    </message>
    <message>
        <source>~ at best–typically, without roads</source>
        <translation>~ i beste fall–typisk, uten veier</translation>
    </message>
    <message>
        <source>Minutes are a guess from the straight line: the program has no roads. Ferries, fjords, winter and traffic come on top.</source>
        <translation>Minuttene er anslått ut fra luftlinjen: programmet har ingen veier. Ferger, fjorder, vinter og trafikk kommer i tillegg.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Søk</translation>
    </message>
    <message>
        <source>Search unit, status, crew or talkgroup</source>
        <translation>Søk enhet, status, mannskap eller talegruppe</translation>
    </message>
    <message>
        <source>Esc clears the search, Ctrl+8 the chosen kinds.</source>
        <translation>Esc tømmer søket, Ctrl+8 de valgte typene.</translation>
    </message>
    <message>
        <source>Units unknown</source>
        <translation>Enheter ukjent</translation>
    </message>
    <message>
        <source>No units yet</source>
        <translation>Ingen enheter ennå</translation>
    </message>
    <message>
        <source>They appear here when the site tells of them, with their last status.</source>
        <translation>De kommer her når sentralen forteller om dem, med siste status.</translation>
    </message>
</context>
<context>
    <name>UnitsMenu</name>
    <message>
        <source>Units: {0}</source>
        <translation>Enheter: {0}</translation>
    </message>
    <message>
        <source>Write a message to them</source>
        <translation>Skriv melding til dem</translation>
    </message>
    <message>
        <source>Call them out</source>
        <translation>Kall dem ut</translation>
    </message>
    <message>
        <source>A new talkgroup of them</source>
        <translation>Ny talegruppe av dem</translation>
    </message>
    <message>
        <source>Show them closer</source>
        <translation>Vis dem nærmere</translation>
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
        <translation>Glem et utsnitt</translation>
    </message>
    <message>
        <source>Units in view</source>
        <translation>Enheter i utsnittet</translation>
    </message>
    <message>
        <source>Save the map as a picture…</source>
        <translation>Lagre kartet som bilde …</translation>
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
        <translation>Alt vises.</translation>
    </message>
</context>
<context>
    <name>_WhatIsKnown</name>
    <message>
        <source>No safety alarms</source>
        <translation>Ingen sikkerhetsalarmer</translation>
    </message>
    <message>
        <source>There may be more alarms</source>
        <translation>Det kan være flere alarmer</translation>
    </message>
    <message>
        <source>Alarms unknown</source>
        <translation>Alarmer ukjent</translation>
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
        <translation>Hør siste anrop igjen</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Ingen valgt</translation>
    </message>
    <message>
        <source>Being looked for …</source>
        <translation>Letes etter …</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Klar</translation>
    </message>
    <message>
        <source>Not there: plug it in</source>
        <translation>Ikke der: sett den i</translation>
    </message>
    <message>
        <source>May not be read: the system needs a rule for it</source>
        <translation>Kan ikke leses: systemet trenger en regel for den</translation>
    </message>
    <message>
        <source>Another program has taken it: close that</source>
        <translation>Et annet program har tatt den: lukk det</translation>
    </message>
    <message>
        <source>Pressed all the time: let it go, or look what lies on it</source>
        <translation>Trykket hele tiden: slipp den, eller se hva som ligger på den</translation>
    </message>
    <message>
        <source>Its contact bounces: have it replaced soon</source>
        <translation>Kontakten hopper: få den byttet snart</translation>
    </message>
    <message>
        <source>Press the pedal or button now, and let it go. Nothing is sent.</source>
        <translation>Trykk på pedalen eller knappen nå, og slipp. Ingenting sendes.</translation>
    </message>
    <message>
        <source>People type with that key. Choose F13–F24, Pause, or a pedal&apos;s own button.</source>
        <translation>Den tasten skriver man med. Velg F13–F24, Pause eller en pedals egen knapp.</translation>
    </message>
    <message>
        <source>That is the machine&apos;s own button. Press another one.</source>
        <translation>Det er maskinens egen knapp. Trykk på en annen.</translation>
    </message>
    <message>
        <source>That button has another task already. Press another one.</source>
        <translation>Den knappen har alt en annen oppgave. Trykk på en annen.</translation>
    </message>
    <message>
        <source>Choose …</source>
        <translation>Velg …</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Fjern</translation>
    </message>
    <message>
        <source>Choose a button for: {0}</source>
        <translation>Velg en knapp for: {0}</translation>
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
        <translation>Anropet ble avvist.</translation>
    </message>
    <message>
        <source>Busy: call again later.</source>
        <translation>Opptatt: ring igjen senere.</translation>
    </message>
    <message>
        <source>Nobody answered.</source>
        <translation>Ingen svarte.</translation>
    </message>
    <message>
        <source>The caller has given up.</source>
        <translation>Den som ringte, ga opp.</translation>
    </message>
    <message>
        <source>Lost: the other end can&apos;t be reached any more.</source>
        <translation>Brutt: den andre kan ikke nås lenger.</translation>
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
        <translation>NØ</translation>
    </message>
    <message>
        <source>E</source>
        <translation>Ø</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>SØ</translation>
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
        <translation>Ingen spiller</translation>
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
        <translation>Utgangens tid</translation>
    </message>
    <message>
        <source>Kept ready</source>
        <translation>Gjort klart</translation>
    </message>
    <message>
        <source>Underflows</source>
        <translation>Avbrudd</translation>
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
        <translation>Avviste ordrer</translation>
    </message>
    <message>
        <source>Lost · damaged</source>
        <translation>Tapt · skadet</translation>
    </message>
    <message>
        <source>Own streams</source>
        <translation>Egne strømmer</translation>
    </message>
    <message>
        <source>Not sent</source>
        <translation>Ikke sendt</translation>
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
        <translation>Ta ordet fra den som snakker der</translation>
    </message>
    <message>
        <source>Talk in the talkgroup as well as in the selected one</source>
        <translation>Snakk i talegruppen i tillegg til den valgte</translation>
    </message>
    <message>
        <source>Move between talkgroups, Enter selects</source>
        <translation>Flytt mellom talegrupper, Enter velger</translation>
    </message>
    <message>
        <source>Mute or unmute the talkgroup</source>
        <translation>Demp talegruppen, eller slå på lyden</translation>
    </message>
    <message>
        <source>Mute all voices for 30 s, or hear them again</source>
        <translation>Demp alle stemmer i 30 s, eller hør dem igjen</translation>
    </message>
    <message>
        <source>Volume of the talkgroup</source>
        <translation>Volum for talegruppen</translation>
    </message>
    <message>
        <source>Move the talkgroup&apos;s tile</source>
        <translation>Flytt flisen til talegruppen</translation>
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
        <translation>Alarmer</translation>
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
        <translation>Vindu</translation>
    </message>
    <message>
        <source>Hold, or press, to talk in the selected talkgroup</source>
        <translation>Hold, eller trykk, for å snakke i valgt talegruppe</translation>
    </message>
    <message>
        <source>Talk in the selected talkgroup alone, or undo that</source>
        <translation>Snakk bare i valgt talegruppe, eller angre det</translation>
    </message>
    <message>
        <source>Talk key: hold or latch, foot pedal, other buttons</source>
        <translation>Taletast: hold eller lås, fotpedal, andre knapper</translation>
    </message>
    <message>
        <source>Call a unit or a desk; Shift+Enter: as a telephone</source>
        <translation>Ring enhet eller plass; Shift+Enter: som telefon</translation>
    </message>
    <message>
        <source>Mute yourself in a call</source>
        <translation>Demp deg selv i en samtale</translation>
    </message>
    <message>
        <source>The page of talkgroups before, the next one</source>
        <translation>Forrige side med talegrupper, neste side</translation>
    </message>
    <message>
        <source>Make, rename and delete pages; the standard layout</source>
        <translation>Lag, endre og slett sider; standardoppsettet</translation>
    </message>
    <message>
        <source>Where each talkgroup sounds, from left to right</source>
        <translation>Hvor hver talegruppe høres, fra venstre til høyre</translation>
    </message>
    <message>
        <source>Hear the talkgroup&apos;s last call again; Shift+R: anybody&apos;s</source>
        <translation>Hør gruppens siste tale på nytt; Shift+R: siste i alle</translation>
    </message>
    <message>
        <source>Catch up on the talkgroup&apos;s missed calls; Shift+C: on all</source>
        <translation>Hør det som ikke er hørt i gruppen; Shift+C: i alle</translation>
    </message>
    <message>
        <source>Follow the talkgroup&apos;s conversation; Shift+F: who talks now</source>
        <translation>Følg samtalen i talegruppen; Shift+F: den som snakker nå</translation>
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
        <translation>Avslutt alarmen, med en grunn</translation>
    </message>
    <message>
        <source>Hear the alarm&apos;s open microphone again, or stop it</source>
        <translation>Hør alarmens åpne mikrofon igjen, eller stopp den</translation>
    </message>
    <message>
        <source>Note something with the alarm</source>
        <translation>Noter noe ved alarmen</translation>
    </message>
    <message>
        <source>Hold for 1 s: raise an alarm of this desk</source>
        <translation>Hold i 1 s: utløs alarm for denne plassen</translation>
    </message>
    <message>
        <source>Send help to the alarm, or note something</source>
        <translation>Send hjelp til alarmen, eller noter noe</translation>
    </message>
    <message>
        <source>Another person sits here now</source>
        <translation>En annen sitter her nå</translation>
    </message>
    <message>
        <source>Pause the alarm sound for two minutes, or hear it again</source>
        <translation>Alarmlyden på pause i to minutter, eller på igjen</translation>
    </message>
    <message>
        <source>Say that you have read the message</source>
        <translation>Si at du har lest meldingen</translation>
    </message>
    <message>
        <source>Radio procedure: the phrases and rules that fit now</source>
        <translation>Samband: uttrykkene og reglene som passer nå</translation>
    </message>
    <message>
        <source>Answer the call; in a call: talk in it again</source>
        <translation>Svar på anropet; i en samtale: snakk i den igjen</translation>
    </message>
    <message>
        <source>Reject the call, or hang up</source>
        <translation>Avvis anropet, eller legg på</translation>
    </message>
    <message>
        <source>Acknowledge the alarm; while none waits for it: this help</source>
        <translation>Kvitter alarmen; når ingen venter på det: denne hjelpen</translation>
    </message>
    <message>
        <source>Duty list</source>
        <translation>Vaktliste</translation>
    </message>
    <message>
        <source>Hand-over: what is open</source>
        <translation>Vaktoverlevering: det som er åpent</translation>
    </message>
    <message>
        <source>Only units that are free, or of a kind; Ctrl+8: all</source>
        <translation>Bare enheter som er ledige, eller av én type; Ctrl+8: alle</translation>
    </message>
    <message>
        <source>While distances are measured: units that are free first</source>
        <translation>Mens avstander måles: ledige enheter først</translation>
    </message>
    <message>
        <source>Measure a line on the map; Enter or a click: next leg, Esc: end</source>
        <translation>Mål en linje i kartet; Enter eller klikk: neste etappe, Esc: slutt</translation>
    </message>
    <message>
        <source>Set an incident pin where the mouse is, or in the middle</source>
        <translation>Sett en kartnål for en hendelse der musen er, eller midt i kartet</translation>
    </message>
    <message>
        <source>To the next pin or place on the map, Menu key: more</source>
        <translation>Til neste kartnål eller sted i kartet, menytasten: mer</translation>
    </message>
    <message>
        <source>Zoom; arrows move the map; Home: all units</source>
        <translation>Zoom; pilene flytter kartet; Home: alle enheter</translation>
    </message>
    <message>
        <source>Undo what was done last, as long as that is offered</source>
        <translation>Angre det som ble gjort sist, så lenge det tilbys</translation>
    </message>
    <message>
        <source>Find a place, an address or coordinates on the map</source>
        <translation>Finn et sted, en adresse eller koordinater på kartet</translation>
    </message>
    <message>
        <source>Panel or page to a window of its own, or back</source>
        <translation>Panel eller side til et eget vindu, eller tilbake</translation>
    </message>
    <message>
        <source>Everything larger, smaller, as usual</source>
        <translation>Alt større, mindre, som vanlig</translation>
    </message>
    <message>
        <source>Close a locked microphone, stop, undo, leave a field or page</source>
        <translation>Lukk låst mikrofon, stopp, angre, forlat felt eller side</translation>
    </message>
    <message>
        <source>Search units</source>
        <translation>Søk i enheter</translation>
    </message>
    <message>
        <source>Select talkgroup 1 to 10 of all, on any page</source>
        <translation>Velg talegruppe 1 til 10 av alle, på enhver side</translation>
    </message>
    <message>
        <source>Search talkgroups, Enter selects the first</source>
        <translation>Søk talegruppe, Enter velger den første</translation>
    </message>
    <message>
        <source>Menu of the talkgroup, also by a right click</source>
        <translation>Meny for talegruppen, også med høyreklikk</translation>
    </message>
    <message>
        <source>Sort units by urgency, name, or distance</source>
        <translation>Sorter enheter etter hastegrad, navn eller avstand</translation>
    </message>
    <message>
        <source>With a unit: call, message, talkgroup, map, log, distances</source>
        <translation>Med en enhet: ring, melding, talegruppe, kart, logg, avstander</translation>
    </message>
    <message>
        <source>How far the units are from the alarm</source>
        <translation>Hvor langt enhetene er fra alarmen</translation>
    </message>
    <message>
        <source>To the log</source>
        <translation>Til loggen</translation>
    </message>
    <message>
        <source>Search all of the log, and hear what was said</source>
        <translation>Søk i hele loggen, og hør det som ble sagt</translation>
    </message>
    <message>
        <source>The talkgroup&apos;s kept calls, to be saved as files</source>
        <translation>Talegruppens anrop, som kan lagres som filer</translation>
    </message>
    <message>
        <source>Message, call-out, status, groups</source>
        <translation>Melding, utkalling, status, grupper</translation>
    </message>
    <message>
        <source>Conference; Ctrl+Shift+J: talk in it</source>
        <translation>Konferanse; Ctrl+Shift+J: snakk i den</translation>
    </message>
    <message>
        <source>Kept views, units in view, picture, print</source>
        <translation>Lagrede utsnitt, enheter i utsnittet, bilde, utskrift</translation>
    </message>
    <message>
        <source>Show the talkgroup&apos;s units</source>
        <translation>Vis talegruppens enheter</translation>
    </message>
    <message>
        <source>Keep the chosen unit in the middle; Shift+U: its trail</source>
        <translation>Hold valgt enhet i midten; Shift+U: sporet</translation>
    </message>
    <message>
        <source>Shift+drag</source>
        <translation>Shift+dra</translation>
    </message>
    <message>
        <source>Units in a box: message, call-out, talkgroup</source>
        <translation>Enheter i en ramme: melding, utkalling, talegruppe</translation>
    </message>
    <message>
        <source>How the sound engine and each stream do</source>
        <translation>Hvordan lydmotoren og hver strøm har det</translation>
    </message>
    <message>
        <source>To the next control, Enter presses it</source>
        <translation>Til neste knapp, Enter trykker på den</translation>
    </message>
    <message>
        <source>This help</source>
        <translation>Denne hjelpen</translation>
    </message>
    <message>
        <source>Hear the talkgroup from the loudspeaker, or in the headset</source>
        <translation>Hør talegruppen i høyttaleren eller i hodesettet</translation>
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
        <translation>leses inn</translation>
    </message>
    <message>
        <source>The site&apos;s log is being read.</source>
        <translation>Loggen på sentralen leses inn.</translation>
    </message>
    <message>
        <source>No contact with the site since {0}.</source>
        <translation>Ingen kontakt med sentralen siden {0}.</translation>
    </message>
    <message>
        <source>No contact with the site yet.</source>
        <translation>Ingen kontakt med sentralen ennå.</translation>
    </message>
    <message>
        <source>The site&apos;s log of alarms is damaged.</source>
        <translation>Alarmloggen på sentralen er skadet.</translation>
    </message>
    <message>
        <source>Part of the site&apos;s log was lost ({0}).</source>
        <translation>En del av loggen på sentralen gikk tapt ({0}).</translation>
    </message>
    <message>
        <source>The site can&apos;t take anything new.</source>
        <translation>Sentralen kan ikke ta imot noe nytt.</translation>
    </message>
    <message>
        <source>nothing new comes</source>
        <translation>ikke noe nytt kommer</translation>
    </message>
</context>
<context>
    <name>landmarks</name>
    <message>
        <source>Incident pin</source>
        <translation>Kartnål for hendelse</translation>
    </message>
    <message>
        <source>Hospital</source>
        <translation>Sykehus</translation>
    </message>
    <message>
        <source>Emergency reception</source>
        <translation>Akuttmottak</translation>
    </message>
    <message>
        <source>Nursing home</source>
        <translation>Sykehjem</translation>
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
        <translation>Annet sted</translation>
    </message>
    <message>
        <source>EXERCISE · {0}</source>
        <translation>ØVELSE · {0}</translation>
    </message>
    <message>
        <source>since {0} ({1}), {2}</source>
        <translation>siden {0} ({1}), {2}</translation>
    </message>
    <message>
        <source>Hold it a moment, then drag: it moves.</source>
        <translation>Hold den et øyeblikk og dra for å flytte den.</translation>
    </message>
</context>
<context>
    <name>maps</name>
    <message>
        <source>It is not there any more. Put it back, or choose another.</source>
        <translation>Filen er borte. Legg den tilbake, eller velg en annen.</translation>
    </message>
    <message>
        <source>It can&apos;t be opened. May this user read it?</source>
        <translation>Filen kan ikke åpnes. Har denne brukeren lov til å lese den?</translation>
    </message>
    <message>
        <source>It is a folder or a device. Choose a file.</source>
        <translation>Det er en mappe eller en enhet. Velg en fil.</translation>
    </message>
    <message>
        <source>It is neither MBTiles nor PMTiles. Choose another file.</source>
        <translation>Det er verken MBTiles eller PMTiles. Velg en annen fil.</translation>
    </message>
    <message>
        <source>The file is damaged or cut short. Copy it anew.</source>
        <translation>Filen er skadet eller avkortet. Kopier den på nytt.</translation>
    </message>
    <message>
        <source>Its form can&apos;t be read here. See docs/MAPS.md.</source>
        <translation>Formatet kan ikke leses her. Se docs/MAPS.md.</translation>
    </message>
    <message>
        <source>There is no tile in it. Make it anew.</source>
        <translation>Det er ingen kartfliser i filen. Lag den på nytt.</translation>
    </message>
    <message>
        <source>It answers too slowly. Copy it to this machine.</source>
        <translation>Filen svarer for sent. Kopier den til denne maskinen.</translation>
    </message>
    <message>
        <source>Another program is writing it. Try again when that is done.</source>
        <translation>Et annet program skriver i det. Prøv igjen når det er ferdig.</translation>
    </message>
    <message>
        <source>Its entry in servers.toml makes no sense. Put it right there.</source>
        <translation>Oppføringen i servers.toml er feil. Rett den der.</translation>
    </message>
    <message>
        <source>It can&apos;t be reached. What was fetched before is shown.</source>
        <translation>Tjeneren kan ikke nås. Det som er hentet før, vises.</translation>
    </message>
    <message>
        <source>Its certificate is not valid. Ask who runs it.</source>
        <translation>Sertifikatet er ikke gyldig. Spør den som driver tjeneren.</translation>
    </message>
    <message>
        <source>It refuses to answer. Ask who runs it what it allows.</source>
        <translation>Tjeneren nekter å svare. Spør den som driver den, hva som er tillatt.</translation>
    </message>
    <message>
        <source>It fails. It is asked again by itself, ever more rarely.</source>
        <translation>Tjeneren svikter. Den spørres igjen av seg selv, stadig sjeldnere.</translation>
    </message>
    <message>
        <source>It has none of these tiles. Check its address.</source>
        <translation>Tjeneren har ingen av disse kartflisene. Kontroller adressen.</translation>
    </message>
    <message>
        <source>It sends something that is no map. Check the address.</source>
        <translation>Tjeneren sender noe som ikke er kart. Kontroller adressen.</translation>
    </message>
    <message>
        <source>It sends on to other addresses. Check the address.</source>
        <translation>Tjeneren viser videre til andre adresser. Kontroller adressen.</translation>
    </message>
    <message>
        <source>It has no layer that fits. Check servers.toml.</source>
        <translation>Tjeneren har ikke noe lag som passer. Kontroller servers.toml.</translation>
    </message>
    <message>
        <source>Parts of it can&apos;t be read.</source>
        <translation>Deler av det kan ikke leses.</translation>
    </message>
    <message>
        <source>Nothing of it is drawn: none of its layers is known here as roads, water or buildings. Choose another map.</source>
        <translation>Ingenting av det tegnes: ingen av kartlagene er kjent her som veier, vann eller bygninger. Velg et annet kart.</translation>
    </message>
    <message>
        <source>Its tiles are {0}.</source>
        <translation>Kartflisene er {0}.</translation>
    </message>
    <message>
        <source>It is PMTiles version {0}. It must be version 3.</source>
        <translation>Filen er PMTiles versjon {0}. Den må være versjon 3.</translation>
    </message>
    <message>
        <source>See line {0}.</source>
        <translation>Se linje {0}.</translation>
    </message>
    <message>
        <source>See “{0}”.</source>
        <translation>Se «{0}».</translation>
    </message>
    <message>
        <source>It is too large.</source>
        <translation>Det er for stort.</translation>
    </message>
    <message>
        <source>Another server has the same name.</source>
        <translation>En annen tjener har samme navn.</translation>
    </message>
    <message>
        <source>With “capabilities” goes the name of a layer.</source>
        <translation>Til «capabilities» hører navnet på et lag.</translation>
    </message>
    <message>
        <source>A subdomain has characters that no host&apos;s name has.</source>
        <translation>Et underdomene har tegn som ikke finnes i vertsnavn.</translation>
    </message>
    <message>
        <source>“least” is larger than “most”.</source>
        <translation>«least» er større enn «most».</translation>
    </message>
    <message>
        <source>“bounds” are west, south, east, north.</source>
        <translation>«bounds» er vest, sør, øst, nord.</translation>
    </message>
    <message>
        <source>It is compressed by Brotli or Zstandard, not gzip.</source>
        <translation>Filen er pakket med Brotli eller Zstandard, ikke gzip.</translation>
    </message>
    <message>
        <source>Nothing of it could be read so far: it is damaged, or of another kind. Choose another map.</source>
        <translation>Ingenting av kartet har latt seg lese så langt. Det er skadet, eller av et annet slag. Velg et annet kart.</translation>
    </message>
    <message>
        <source>“address” or “capabilities”: one of them.</source>
        <translation>«address» eller «capabilities»: en av dem.</translation>
    </message>
    <message>
        <source>An address begins with https:// or http://, and a host.</source>
        <translation>En adresse begynner med https:// eller http:// og en vert.</translation>
    </message>
    <message>
        <source>The address must hold no user&apos;s name and no password.</source>
        <translation>Adressen må ikke inneholde brukernavn eller passord.</translation>
    </message>
    <message>
        <source>The address has an unknown blank {0}.</source>
        <translation>Adressen har et ukjent felt {0}.</translation>
    </message>
    <message>
        <source>The address lacks {0}.</source>
        <translation>Adressen mangler {0}.</translation>
    </message>
    <message>
        <source>The address has {s}, and no subdomains are given.</source>
        <translation>Adressen har {s}, men ingen underdomener er oppgitt.</translation>
    </message>
    <message>
        <source>HTTP {0}.</source>
        <translation>HTTP {0}.</translation>
    </message>
    <message>
        <source>It says that it sends {0}.</source>
        <translation>Tjeneren sier at den sender {0}.</translation>
    </message>
    <message>
        <source>It took too long.</source>
        <translation>Det tok for lang tid.</translation>
    </message>
    <message>
        <source>Its name is not known in the network.</source>
        <translation>Navnet til tjeneren er ikke kjent i nettet.</translation>
    </message>
    <message>
        <source>It does not answer.</source>
        <translation>Tjeneren svarer ikke.</translation>
    </message>
    <message>
        <source>It takes no connection, or breaks it off.</source>
        <translation>Tjeneren tar ikke imot forbindelsen, eller bryter den.</translation>
    </message>
    <message>
        <source>It has expired.</source>
        <translation>Det er utløpt.</translation>
    </message>
    <message>
        <source>Nobody whom this machine trusts has issued it.</source>
        <translation>Det er ikke utstedt av noen denne maskinen stoler på.</translation>
    </message>
    <message>
        <source>It was issued for another name.</source>
        <translation>Det er utstedt for et annet navn.</translation>
    </message>
    <message>
        <source>It sends on to an address that is not secured.</source>
        <translation>Tjeneren viser videre til en adresse som ikke er sikret.</translation>
    </message>
    <message>
        <source>It sends from one address to the next, without end.</source>
        <translation>Tjeneren viser fra adresse til adresse uten ende.</translation>
    </message>
    <message>
        <source>What it sends are no WMTS capabilities.</source>
        <translation>Det tjeneren sender, er ikke WMTS-egenskaper (capabilities).</translation>
    </message>
    <message>
        <source>It has no layer named {0}.</source>
        <translation>Tjeneren har ikke noe lag som heter {0}.</translation>
    </message>
    <message>
        <source>The layer has no REST address for PNG, JPEG or WebP.</source>
        <translation>Laget har ingen REST-adresse for PNG, JPEG eller WebP.</translation>
    </message>
    <message>
        <source>The layer has no tiles of 256 pixels in Web Mercator (EPSG:3857), counted from the world&apos;s corner.</source>
        <translation>Laget har ingen kartfliser på 256 piksler i Web Mercator (EPSG:3857), talt fra verdens hjørne.</translation>
    </message>
    <message>
        <source>Its tiles come from another host, {0}.</source>
        <translation>Kartflisene kommer fra en annen vert, {0}.</translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message>
        <source>The sound engine has stopped.</source>
        <translation>Lydmotoren har stoppet.</translation>
    </message>
    <message>
        <source>It is being started again; nothing is heard until then.</source>
        <translation>Den startes på nytt; til da høres ingenting.</translation>
    </message>
    <message>
        <source>The sound device is gone.</source>
        <translation>Lydenheten er borte.</translation>
    </message>
    <message>
        <source>Plug it in again, or choose another one in the menu.</source>
        <translation>Sett den i igjen, eller velg en annen i menyen.</translation>
    </message>
    <message>
        <source>Sound goes to {0}, not where it should.</source>
        <translation>Lyden går til {0}, ikke dit den skal.</translation>
    </message>
    <message>
        <source>It goes back by itself when the chosen device is there.</source>
        <translation>Den går tilbake av seg selv når den valgte enheten er der.</translation>
    </message>
    <message>
        <source>There is no microphone.</source>
        <translation>Det finnes ingen mikrofon.</translation>
    </message>
    <message>
        <source>Plug one in, or choose one in the menu.</source>
        <translation>Sett i en, eller velg en i menyen.</translation>
    </message>
    <message>
        <source>Plug it in, or choose another one in the menu.</source>
        <translation>Sett den i, eller velg en annen i menyen.</translation>
    </message>
    <message>
        <source>The foot pedal&apos;s contact bounces.</source>
        <translation>Fotpedalens kontakt hopper.</translation>
    </message>
    <message>
        <source>Replace it soon.</source>
        <translation>Bytt den snart.</translation>
    </message>
    <message>
        <source>The foot pedal is not there.</source>
        <translation>Fotpedalen er ikke der.</translation>
    </message>
    <message>
        <source>Plug it in. Until then talk with the space bar.</source>
        <translation>Sett den i. Snakk med mellomrom så lenge.</translation>
    </message>
    <message>
        <source>The foot pedal does not work.</source>
        <translation>Fotpedalen virker ikke.</translation>
    </message>
    <message>
        <source>Talk with the space bar. {0}.</source>
        <translation>Snakk med mellomrom. {0}.</translation>
    </message>
    <message>
        <source>{0} is not confirmed.</source>
        <translation>{0} er ikke bekreftet.</translation>
    </message>
    <message>
        <source>Your answers are marked so until you sign in (F9).</source>
        <translation>Svarene dine merkes slik til du logger deg på (F9).</translation>
    </message>
    <message>
        <source>What is said can&apos;t be kept for recall.</source>
        <translation>Det som sies, kan ikke lagres for avspilling.</translation>
    </message>
    <message>
        <source>It is heard all the same, but can&apos;t be heard again.</source>
        <translation>Alt høres likevel, men kan ikke høres på nytt.</translation>
    </message>
    <message>
        <source>No talkgroup is heard.</source>
        <translation>Ingen talegruppe høres.</translation>
    </message>
    <message>
        <source>Talkgroups are still heard.</source>
        <translation>Talegruppene høres fortsatt.</translation>
    </message>
    <message>
        <source>Only {0} of {1} talkgroups are heard.</source>
        <translation>Bare {0} av {1} talegrupper høres.</translation>
    </message>
    <message>
        <source>This desk may not say that.</source>
        <translation>Denne plassen har ikke lov til å melde dette.</translation>
    </message>
    <message>
        <source>It is enrolled as {0}. An operator&apos;s desk has to.</source>
        <translation>Den er meldt inn som {0}. En operatørplass må gjøre det.</translation>
    </message>
    <message>
        <source>Your last answer could not be kept.</source>
        <translation>Det siste svaret ditt ble ikke lagret.</translation>
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
        <translation>Sentralen får ikke skrevet til disken.</translation>
    </message>
    <message>
        <source>Make room there, then start nats-server by hand.</source>
        <translation>Frigjør plass der, og start så nats-server for hånd.</translation>
    </message>
    <message>
        <source>Start nats-server there by hand.</source>
        <translation>Start nats-server der for hånd.</translation>
    </message>
    <message>
        <source>Make room there; the rest goes by itself.</source>
        <translation>Frigjør plass der, resten går av seg selv.</translation>
    </message>
    <message>
        <source>The site&apos;s disk is nearly full: {0} left.</source>
        <translation>Disken på sentralen er nesten full: {0} igjen.</translation>
    </message>
    <message>
        <source>Tell whoever looks after the site.</source>
        <translation>Si fra til den som har ansvar for sentralen.</translation>
    </message>
    <message>
        <source>One of the site&apos;s machines can&apos;t write to its disk.</source>
        <translation>En av sentralens maskiner får ikke skrevet til disken.</translation>
    </message>
    <message>
        <source>The others go on, and all gets through. Tell whoever looks after the site.</source>
        <translation>De andre går videre, og alt kommer fram. Si fra til den som har ansvar for sentralen.</translation>
    </message>
    <message>
        <source>Older events may be missing. Call whoever looks after the site, at night too.</source>
        <translation>Eldre hendelser kan mangle. Ring den som har ansvar for sentralen, også om natten.</translation>
    </message>
    <message>
        <source>Older alarms may be missing. Call whoever looks after the site, at night too.</source>
        <translation>Eldre alarmer kan mangle. Ring den som har ansvar for sentralen, også om natten.</translation>
    </message>
    <message>
        <source>The site can&apos;t mend its log by itself.</source>
        <translation>Sentralen kan ikke selv reparere loggen sin.</translation>
    </message>
    <message>
        <source>Older events may be missing. Ask the other desks.</source>
        <translation>Eldre hendelser kan mangle. Spør de andre plassene.</translation>
    </message>
    <message>
        <source>Older alarms may be missing. Ask the other desks.</source>
        <translation>Eldre alarmer kan mangle. Spør de andre plassene.</translation>
    </message>
    <message>
        <source>Part of the site&apos;s log was lost.</source>
        <translation>En del av loggen på sentralen gikk tapt.</translation>
    </message>
    <message>
        <source>Your answers can&apos;t be written to disk.</source>
        <translation>Svarene dine kan ikke skrives til disk.</translation>
    </message>
    <message>
        <source>They are sent all the same: don&apos;t close this desk.</source>
        <translation>De sendes likevel: ikke lukk denne plassen.</translation>
    </message>
    <message>
        <source>This machine&apos;s certificate has ended.</source>
        <translation>Denne maskinens sertifikat er utløpt.</translation>
    </message>
    <message>
        <source>This machine&apos;s enrolment is damaged.</source>
        <translation>Denne maskinens innmelding er skadet.</translation>
    </message>
    <message>
        <source>This machine has been taken out of {0}.</source>
        <translation>Denne maskinen er meldt ut av {0}.</translation>
    </message>
    <message>
        <source>Nothing is sent from here. Enrol it again, with a new code.</source>
        <translation>Ingenting sendes herfra. Meld den inn på nytt med en ny kode.</translation>
    </message>
    <message>
        <source>{0} was found.</source>
        <translation>{0} ble funnet.</translation>
    </message>
    <message>
        <source>This desk is not enrolled there yet.</source>
        <translation>Denne plassen er ikke innmeldt der ennå.</translation>
    </message>
    <message>
        <source>No site was found.</source>
        <translation>Fant ingen sentral.</translation>
    </message>
    <message>
        <source>Units and alarms come from a site.</source>
        <translation>Enheter og alarmer kommer fra en sentral.</translation>
    </message>
    <message>
        <source>Your answers wait and are sent.</source>
        <translation>Svarene dine venter og blir sendt.</translation>
    </message>
    <message>
        <source>operator</source>
        <translation>operatør</translation>
    </message>
    <message>
        <source>trainer</source>
        <translation>instruktør</translation>
    </message>
    <message>
        <source>reception</source>
        <translation>mottak</translation>
    </message>
    <message>
        <source>gateway</source>
        <translation>radioport</translation>
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
        <translation>Alarmer og meldinger kommer ikke fram. Bruk radio og telefon.</translation>
    </message>
    <message>
        <source>{0} is gone since {1}.</source>
        <translation>{0} har vært borte siden {1}.</translation>
    </message>
    <message>
        <source>{0} and {2} more are gone since {1}.</source>
        <translation>{0} og {2} til har vært borte siden {1}.</translation>
    </message>
    <message>
        <source>It said no goodbye: see to its groups.</source>
        <translation>Plassen meldte seg ikke av: pass på gruppene dens.</translation>
    </message>
    <message>
        <source>A station that the site lists does not answer.</source>
        <translation>En stasjon som sentralen har oppført, svarer ikke.</translation>
    </message>
    <message>
        <source>It is heard as it was described last.</source>
        <translation>Den høres slik den sist ble beskrevet.</translation>
    </message>
    <message>
        <source>{0} more notices.</source>
        <translation>{0} varsler til.</translation>
    </message>
    <message>
        <source>Everything is heard from {0}.</source>
        <translation>Alt høres i {0}.</translation>
    </message>
    <message>
        <source>The loudspeaker does not play.</source>
        <translation>Høyttaleren spiller ikke.</translation>
    </message>
    <message>
        <source>Its groups are heard with the others.</source>
        <translation>Gruppene der høres sammen med de andre.</translation>
    </message>
    <message>
        <source>The microphone is not there.</source>
        <translation>Mikrofonen er ikke der.</translation>
    </message>
</context>
<context>
    <name>place-menu</name>
    <message>
        <source>Set an incident pin here …</source>
        <translation>Sett en kartnål for en hendelse her …</translation>
    </message>
    <message>
        <source>Make this a site place …</source>
        <translation>Gjør dette til et eget sted …</translation>
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
        <translation>{0} til høyre</translation>
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
        <translation>Tettsted eller bygd</translation>
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
        <translation>Sykehus</translation>
    </message>
    <message>
        <source>Airport</source>
        <translation>Flyplass</translation>
    </message>
    <message>
        <source>Station or stop</source>
        <translation>Stasjon eller holdeplass</translation>
    </message>
    <message>
        <source>School</source>
        <translation>Skole</translation>
    </message>
    <message>
        <source>Church</source>
        <translation>Kirke</translation>
    </message>
    <message>
        <source>Cabin or hotel</source>
        <translation>Hytte eller hotell</translation>
    </message>
    <message>
        <source>Harbour</source>
        <translation>Havn</translation>
    </message>
    <message>
        <source>Building</source>
        <translation>Bygning</translation>
    </message>
    <message>
        <source>Street</source>
        <translation>Vei eller gate</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Postal area</source>
        <translation>Poststed</translation>
    </message>
    <message>
        <source>Farm or house</source>
        <translation>Gård eller hus</translation>
    </message>
    <message>
        <source>Housing or industry</source>
        <translation>Bolig-, hytte- eller industrifelt</translation>
    </message>
    <message>
        <source>Road, bridge or path</source>
        <translation>Vei, bru eller sti</translation>
    </message>
    <message>
        <source>Island</source>
        <translation>Øy</translation>
    </message>
    <message>
        <source>Mountain or hill</source>
        <translation>Fjell eller høyde</translation>
    </message>
    <message>
        <source>Lake</source>
        <translation>Vann</translation>
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
        <translation>Skjær eller grunne</translation>
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
        <translation>Ved ferskvann</translation>
    </message>
    <message>
        <source>At sea</source>
        <translation>I sjøen</translation>
    </message>
    <message>
        <source>Name of an address</source>
        <translation>Navn på en adresse</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Sted</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>Koordinater</translation>
    </message>
    <message>
        <source>These coordinates lie outside the map. Look at the figures.</source>
        <translation>Disse koordinatene ligger utenfor kartet. Se på tallene.</translation>
    </message>
    <message>
        <source>It can&apos;t be told which is north and which is east. Write N and E beside them.</source>
        <translation>Det går ikke fram hva som er nord og hva som er øst. Skriv N og Ø ved tallene.</translation>
    </message>
    <message>
        <source>Minutes and seconds go from 0 to 59.</source>
        <translation>Minutter og sekunder går fra 0 til 59.</translation>
    </message>
    <message>
        <source>The zone or its letter does not fit these figures.</source>
        <translation>Sonen eller bokstaven passer ikke til tallene.</translation>
    </message>
    <message>
        <source>UTM zones of this map are 28 to 37; with X only odd ones.</source>
        <translation>Kartets UTM-soner er 28 til 37; med X bare oddetall.</translation>
    </message>
    <message>
        <source>The UTM zone is missing. Write it first: 32 in the south, 33 in Nordland and Troms and on maps of all Norway, 35 in Finnmark.</source>
        <translation>UTM-sonen mangler. Skriv den først: 32 i sør, 33 i Nordland og Troms og på kart over hele Norge, 35 i Finnmark.</translation>
    </message>
    <message>
        <source>MGRS needs as many figures for east as for north.</source>
        <translation>MGRS må ha like mange siffer for øst som for nord.</translation>
    </message>
    <message>
        <source>S is the southern half of the Earth.</source>
        <translation>S er den sørlige halvkulen.</translation>
    </message>
    <message>
        <source>near {0}</source>
        <translation>nær {0}</translation>
    </message>
    <message>
        <source>also {0}</source>
        <translation>også {0}</translation>
    </message>
    <message>
        <source>Place of the site · {0}</source>
        <translation>Eget sted · {0}</translation>
    </message>
    <message>
        <source>No. {0} is not known there</source>
        <translation>Nr. {0} er ikke kjent der</translation>
    </message>
    <message>
        <source>Degrees</source>
        <translation>Grader</translation>
    </message>
    <message>
        <source>Degrees and minutes</source>
        <translation>Grader og minutter</translation>
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
        <translation>Høy prioritet: andre skrus ned for den</translation>
    </message>
    <message>
        <source>Normal priority</source>
        <translation>Vanlig prioritet</translation>
    </message>
    <message>
        <source>Low priority: turned down for others</source>
        <translation>Lav prioritet: skrus ned for andre</translation>
    </message>
</context>
<context>
    <name>retention</name>
    <message>
        <source>not at all</source>
        <translation>ikke</translation>
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
        <translation>operatører</translation>
    </message>
    <message>
        <source>trainers</source>
        <translation>øvingsledere</translation>
    </message>
    <message>
        <source>receptions</source>
        <translation>mottak</translation>
    </message>
    <message>
        <source>gateways</source>
        <translation>radioporter</translation>
    </message>
    <message>
        <source>wall screens</source>
        <translation>veggskjermer</translation>
    </message>
</context>
<context>
    <name>site</name>
    <message>
        <source>None found</source>
        <translation>Ingen funnet</translation>
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
        <translation>Tilkoblet</translation>
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
        <translation>Sikret til</translation>
    </message>
    <message>
        <source>Not secured</source>
        <translation>Ikke sikret</translation>
    </message>
    <message>
        <source>Secured · open</source>
        <translation>Kryptert · åpen</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Hendelser</translation>
    </message>
    <message>
        <source>Twice · late</source>
        <translation>Dobbelt · sent</translation>
    </message>
    <message>
        <source>Held · not sent</source>
        <translation>Venter · ulevert</translation>
    </message>
    <message>
        <source>Lost · faults</source>
        <translation>Tapt · feil</translation>
    </message>
    <message>
        <source>Partly lost from the log</source>
        <translation>Delvis tapt fra loggen</translation>
    </message>
    <message>
        <source>Events of a wrong clock</source>
        <translation>Hendelser fra en klokke som går feil</translation>
    </message>
    <message>
        <source>Refused positions, malformed</source>
        <translation>Avviste posisjoner, feil form</translation>
    </message>
    <message>
        <source>Refused positions, from the future</source>
        <translation>Avviste posisjoner, fra framtiden</translation>
    </message>
    <message>
        <source>Refused positions, out of order</source>
        <translation>Avviste posisjoner, feil rekkefølge</translation>
    </message>
    <message>
        <source>Asks or says far too much</source>
        <translation>Spør eller sier altfor mye</translation>
    </message>
    <message>
        <source>Listed · failed</source>
        <translation>Oppført · feilet</translation>
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
        <translation>Ujevnt</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Tapt</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>For sent</translation>
    </message>
    <message>
        <source>Invented</source>
        <translation>Utfylt</translation>
    </message>
    <message>
        <source>Rescued</source>
        <translation>Reddet</translation>
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
        <translation>Talegruppen, om noen snakker, og om den er kryptert.</translation>
    </message>
    <message>
        <source>From a packet&apos;s arrival until its sound leaves the engine, now.</source>
        <translation>Fra en pakke kommer til lyden av den forlater lydmotoren, akkurat nå.</translation>
    </message>
    <message>
        <source>How unevenly packets arrive (RFC 3550).</source>
        <translation>Hvor ujevnt pakkene kommer (RFC 3550).</translation>
    </message>
    <message>
        <source>Packets that never came.</source>
        <translation>Pakker som aldri kom.</translation>
    </message>
    <message>
        <source>Packets that came after their time.</source>
        <translation>Pakker som kom etter at de skulle vært spilt.</translation>
    </message>
    <message>
        <source>Sound put in where a packet was missing.</source>
        <translation>Lyd som er satt inn der en pakke manglet.</translation>
    </message>
    <message>
        <source>Lost packets that came as a copy in a later one.</source>
        <translation>Tapte pakker som kom som kopi i en senere.</translation>
    </message>
    <message>
        <source>Packets that were not taken: malformed, of another kind, or forged.</source>
        <translation>Pakker som ikke ble tatt imot: feil form, feil slag eller forfalsket.</translation>
    </message>
    <message>
        <source>Where it is heard, from left to right.</source>
        <translation>Hvor den høres, fra venstre til høyre.</translation>
    </message>
    <message>
        <source>Talks</source>
        <translation>Snakker</translation>
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
        <translation>åpen</translation>
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
        <translation>DU SNAKKER</translation>
    </message>
    <message>
        <source>LOCKED OPEN</source>
        <translation>LÅST ÅPEN</translation>
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
        <translation>Uten taletillatelse: slipp andre til</translation>
    </message>
    <message>
        <source>Not in {0}: {1}</source>
        <translation>Ikke i {0}: {1}</translation>
    </message>
    <message>
        <source>Not in {0}</source>
        <translation>Ikke i {0}</translation>
    </message>
    <message>
        <source>NO SOUND</source>
        <translation>INGEN LYD</translation>
    </message>
    <message>
        <source>Is the microphone muted?</source>
        <translation>Er mikrofonen dempet?</translation>
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
        <translation>Hold tasten</translation>
    </message>
    <message>
        <source>TAKEN OVER</source>
        <translation>AVBRUTT</translation>
    </message>
    <message>
        <source>TIME IS OUT</source>
        <translation>TIDEN ER UTE</translation>
    </message>
    <message>
        <source>NOT SENT</source>
        <translation>IKKE SENDT</translation>
    </message>
    <message>
        <source>NOT GRANTED</source>
        <translation>IKKE TILLATT</translation>
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
        <translation>avbrutt</translation>
    </message>
    <message>
        <source>time is out</source>
        <translation>tiden er ute</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>ikke sendt</translation>
    </message>
    <message>
        <source>{0} has the floor now</source>
        <translation>{0} har ordet nå</translation>
    </message>
    <message>
        <source>The floor was lost: press again</source>
        <translation>Ordet er mistet: trykk igjen</translation>
    </message>
    <message>
        <source>Let go and press again</source>
        <translation>Slipp og trykk igjen</translation>
    </message>
    <message>
        <source>too many are waiting</source>
        <translation>for mange venter</translation>
    </message>
    <message>
        <source>the site has too much to do</source>
        <translation>sentralen har for mye å gjøre</translation>
    </message>
    <message>
        <source>the site does not know this group</source>
        <translation>sentralen kjenner ikke gruppen</translation>
    </message>
    <message>
        <source>this position may not talk here</source>
        <translation>denne plassen får ikke snakke her</translation>
    </message>
    <message>
        <source>somebody talks there</source>
        <translation>noen snakker der</translation>
    </message>
    <message>
        <source>busy</source>
        <translation>opptatt</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>ikke svar</translation>
    </message>
    <message>
        <source>{0} talks</source>
        <translation>{0} snakker</translation>
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
        <translation>IKKE SENDT HER</translation>
    </message>
    <message>
        <source>ALARM</source>
        <translation>ALARM</translation>
    </message>
    <message>
        <source>NOT HEARD</source>
        <translation>KAN IKKE HØRES</translation>
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
        <translation>DEMPET</translation>
    </message>
    <message>
        <source>FOLLOWING</source>
        <translation>FØLGER</translation>
    </message>
    <message>
        <source>RECEIVING</source>
        <translation>MOTTAR</translation>
    </message>
    <message>
        <source>SELECTED</source>
        <translation>VALGT</translation>
    </message>
    <message>
        <source>LISTENING</source>
        <translation>LYTTER</translation>
    </message>
    <message>
        <source>faint</source>
        <translation>svakt</translation>
    </message>
    <message>
        <source>UNSECURED</source>
        <translation>USIKRET</translation>
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
        <translation>En flis er en talegruppe. Klikk på den, eller trykk tallet, for å velge den. Blå: noen snakker der. M demper, + og − endrer volumet.</translation>
    </message>
    <message>
        <source>To talk</source>
        <translation>Å snakke</translation>
    </message>
    <message>
        <source>Hold the space bar and wait for the tone, then talk. Here stands where your voice goes, and why it can&apos;t if it can&apos;t. Try it: the tour goes on.</source>
        <translation>Hold mellomrom, vent på tonen, og snakk. Her står hvor stemmen din går, og hvorfor ikke når den ikke kan. Prøv: omvisningen fortsetter.</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>Alarmer</translation>
    </message>
    <message>
        <source>Alarms always stand here, and nothing covers them. F1 acknowledges, F2 takes over, F3 shows where. An alarm ends this tour.</source>
        <translation>Alarmer står alltid her, og ingenting dekker dem. F1 kvitterer, F2 tar over, F3 viser hvor. En alarm avslutter omvisningen.</translation>
    </message>
    <message>
        <source>Units and people</source>
        <translation>Enheter og folk</translation>
    </message>
    <message>
        <source>Who is on duty, units and the log. Ctrl+K finds a unit, Ctrl+N writes, calls out and forms groups, Ctrl+I calls. Ctrl+E gives a panel a window of its own.</source>
        <translation>Hvem som har vakt, enheter og logg. Ctrl+K finner en enhet, Ctrl+N skriver, kaller ut og lager grupper, Ctrl+I ringer. Ctrl+E gir et panel et eget vindu.</translation>
    </message>
    <message>
        <source>Menu and help</source>
        <translation>Meny og hjelp</translation>
    </message>
    <message>
        <source>Size, day and night, language and sound are in the menu, and so is this tour. F1 shows all keys while no alarm waits. Esc always leads back.</source>
        <translation>Størrelse, dag og natt, språk og lyd er i menyen, og denne omvisningen også. F1 viser alle taster når ingen alarm venter. Esc fører alltid tilbake.</translation>
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
        <translation>I en ny talegruppe</translation>
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
        <translation>Hvor den har vært (Shift+U)</translation>
    </message>
    <message>
        <source>Show in the log</source>
        <translation>Vis i loggen</translation>
    </message>
    <message>
        <source>Nearest units from here</source>
        <translation>Nærmeste enheter herfra</translation>
    </message>
    <message>
        <source>Measure a line from here</source>
        <translation>Mål en linje herfra</translation>
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
        <translation>Akutthjelper</translation>
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
        <translation>Annet</translation>
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
        <translation>Navn</translation>
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
        <translation>Ingen dekning</translation>
    </message>
    <message>
        <source>~{0} min or far more</source>
        <translation>~{0} min eller langt mer</translation>
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
        <translation>ikke anslått: posisjonen er ukjent, for gammel eller for langt unna</translation>
    </message>
    <message>
        <source>at best {0} min; water between: may be far longer</source>
        <translation>i beste fall {0} min; vann imellom: kan bli langt mer</translation>
    </message>
    <message>
        <source>at best {0} min, typically some {1} min</source>
        <translation>i beste fall {0} min, typisk rundt {1} min</translation>
    </message>
    <message>
        <source>by air, if the weather lets it</source>
        <translation>i luften, hvis været tillater det</translation>
    </message>
    <message>
        <source>a guess without roads, ferries, winter</source>
        <translation>anslått uten veier, ferger og vinter</translation>
    </message>
    <message>
        <source>battery {0} %</source>
        <translation>batteri {0} %</translation>
    </message>
    <message>
        <source>battery low</source>
        <translation>lavt batteri</translation>
    </message>
    <message>
        <source>speaks now</source>
        <translation>snakker nå</translation>
    </message>
    <message>
        <source>heard {0}</source>
        <translation>hørt {0}</translation>
    </message>
    <message>
        <source>position not known</source>
        <translation>posisjon ukjent</translation>
    </message>
    <message>
        <source>{0} old</source>
        <translation>{0} gammel</translation>
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
        <translation>Sist hørt</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>Anslag</translation>
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
        <translation>ØVELSE</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>sist hørt {0}</translation>
    </message>
</context>
<context>
    <name>urgency</name>
    <message>
        <source>A · RED</source>
        <translation>A · RØD</translation>
    </message>
    <message>
        <source>H · YELLOW</source>
        <translation>H · GUL</translation>
    </message>
    <message>
        <source>V · GREEN</source>
        <translation>V · GRØNN</translation>
    </message>
    <message>
        <source>Safety alarm</source>
        <translation>Sikkerhetsalarm</translation>
    </message>
</context>
</TS>
