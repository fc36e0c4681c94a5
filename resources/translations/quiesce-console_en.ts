<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>quiesce::Attention</name>
    <message numerus="yes">
        <source>After %1 s, %n request(s) unanswered.</source>
        <translation>
            <numerusform>After %1 s, %n request unanswered.</numerusform>
            <numerusform>After %1 s, %n requests unanswered.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) in flight are being cancelled.</source>
        <translation>
            <numerusform>%n request in flight is being cancelled.</numerusform>
            <numerusform>%n requests in flight are being cancelled.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::ConnectionDesk</name>
    <message numerus="yes">
        <source>Remove %n connection(s)? The services are not touched.</source>
        <translation>
            <numerusform>Remove %n connection? The service is not touched.</numerusform>
            <numerusform>Remove %n connections? The services are not touched.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) added. Their tokens are asked for.</source>
        <translation>
            <numerusform>%n connection added. Its token is asked for.</numerusform>
            <numerusform>%n connections added. Their tokens are asked for.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out: known already.</source>
        <translation>
            <numerusform>%n left out: known already.</numerusform>
            <numerusform>%n left out: known already.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::Consequence</name>
    <message numerus="yes">
        <source>%n requests in flight</source>
        <translation>
            <numerusform>%n request in flight</numerusform>
            <numerusform>%n requests in flight</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n jobs running</source>
        <translation>
            <numerusform>%n job running</numerusform>
            <numerusform>%n jobs running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stops under way are taken back.</source>
        <translation>
            <numerusform>%n stop under way is taken back.</numerusform>
            <numerusform>%n stops under way are taken back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n deadlines move by %1.</source>
        <translation>
            <numerusform>%n deadline moves by %1.</numerusform>
            <numerusform>%n deadlines move by %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cuts %n requests now</source>
        <translation>
            <numerusform>Cuts %n request now</numerusform>
            <numerusform>Cuts %n requests now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n jobs go back to the queue and lose what came after their last checkpoint.</source>
        <translation>
            <numerusform>%n job goes back to the queue and loses what came after its last checkpoint.</numerusform>
            <numerusform>%n jobs go back to the queue and lose what came after their last checkpoint.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instances have not been heard of yet: what they are doing is unknown.</source>
        <translation>
            <numerusform>%n instance has not been heard of yet: what it is doing is unknown.</numerusform>
            <numerusform>%n instances have not been heard of yet: what they are doing is unknown.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n instances are silent: their numbers may be old.</source>
        <translation>
            <numerusform>%n instance is silent: its numbers may be old.</numerusform>
            <numerusform>%n instances are silent: their numbers may be old.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>• and %n more</source>
        <translation>
            <numerusform>• and %n more</numerusform>
            <numerusform>• and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::FactTable</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::FleetGroup</name>
    <message numerus="yes">
        <source>%n serving</source>
        <translation>
            <numerusform>%n serving</numerusform>
            <numerusform>%n serving</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stopping</source>
        <translation>
            <numerusform>%n stopping</numerusform>
            <numerusform>%n stopping</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stopped</source>
        <translation>
            <numerusform>%n stopped</numerusform>
            <numerusform>%n stopped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in trouble</source>
        <translation>
            <numerusform>%n in trouble</numerusform>
            <numerusform>%n in trouble</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n services</source>
        <translation>
            <numerusform>%n service</numerusform>
            <numerusform>%n services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::OperationBar</name>
    <message numerus="yes">
        <source>%n others under way</source>
        <translation>
            <numerusform>%n other under way</numerusform>
            <numerusform>%n others under way</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::PhaseRows</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::ReportText</name>
    <message numerus="yes">
        <source>%n request(s) cancelled at the deadline</source>
        <translation>
            <numerusform>%n request cancelled at the deadline</numerusform>
            <numerusform>%n requests cancelled at the deadline</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n request(s) broken off</source>
        <translation>
            <numerusform>%n request broken off</numerusform>
            <numerusform>%n requests broken off</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) requeued</source>
        <translation>
            <numerusform>%n job requeued</numerusform>
            <numerusform>%n jobs requeued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) abandoned</source>
        <translation>
            <numerusform>%n job abandoned</numerusform>
            <numerusform>%n jobs abandoned</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hook(s) not done</source>
        <translation>
            <numerusform>%n hook not done</numerusform>
            <numerusform>%n hooks not done</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::ReportsPage</name>
    <message numerus="yes">
        <source>%n report(s)</source>
        <translation>
            <numerusform>%n report</numerusform>
            <numerusform>%n reports</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::RollingStopDialog</name>
    <message numerus="yes">
        <source>Stop %n instances, one after another</source>
        <translation>
            <numerusform>Stop %n instance</numerusform>
            <numerusform>Stop %n instances, one after another</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::SpecRules</name>
    <message numerus="yes">
        <source>at most %n character(s)</source>
        <translation>
            <numerusform>at most %n character</numerusform>
            <numerusform>at most %n characters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::StopBanner</name>
    <message numerus="yes">
        <source>%1: waiting for %n request(s)</source>
        <comment>condition</comment>
        <translation>
            <numerusform>%1: waiting for %n request</numerusform>
            <numerusform>%1: waiting for %n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::StopForecast</name>
    <message numerus="yes">
        <source>Will not make it: up to %n request(s) would be cancelled</source>
        <translation>
            <numerusform>Will not make it: up to %n request would be cancelled</numerusform>
            <numerusform>Will not make it: up to %n requests would be cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The deadline has passed: %n request(s) are being cancelled</source>
        <translation>
            <numerusform>The deadline has passed: %n request is being cancelled</numerusform>
            <numerusform>The deadline has passed: %n requests are being cancelled</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::TimelineText</name>
    <message numerus="yes">
        <source>%1: %n request(s) cancelled or cut off</source>
        <comment>outcome of a stop</comment>
        <translation>
            <numerusform>%1: %n request cancelled or cut off</numerusform>
            <numerusform>%1: %n requests cancelled or cut off</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::TimelineView</name>
    <message numerus="yes">
        <source>%n new</source>
        <translation>
            <numerusform>%n new</numerusform>
            <numerusform>%n new</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>quiesce::VerbLook</name>
    <message numerus="yes">
        <source>Quiesce %n instances?</source>
        <translation>
            <numerusform>Quiesce %n instance?</numerusform>
            <numerusform>Quiesce %n instances?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Resume %n instances?</source>
        <translation>
            <numerusform>Resume %n instance?</numerusform>
            <numerusform>Resume %n instances?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drain and stop %n instances?</source>
        <translation>
            <numerusform>Drain and stop %n instance?</numerusform>
            <numerusform>Drain and stop %n instances?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Extend the deadlines of %n instances?</source>
        <translation>
            <numerusform>Extend the deadline of %n instance?</numerusform>
            <numerusform>Extend the deadlines of %n instances?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Force %n instances to stop now?</source>
        <translation>
            <numerusform>Force %n instance to stop now?</numerusform>
            <numerusform>Force %n instances to stop now?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancel a request in each of %n instances?</source>
        <translation>
            <numerusform>Cancel a request in %n instance?</numerusform>
            <numerusform>Cancel a request in each of %n instances?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cancel a job in each of %n instances?</source>
        <translation>
            <numerusform>Cancel a job in %n instance?</numerusform>
            <numerusform>Cancel a job in each of %n instances?</numerusform>
        </translation>
    </message>
</context>
</TS>
