package dev.octroi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The JSON form of rules: what is read, and which fault is told where. */
class RuleJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsWrittenIsReadBack() {
        List<Rule> rules = List.of(
                new Rule(
                        "daily",
                        Rule.Owner.USER,
                        Condition.over(Rule.Window.DAY, 300_000_000),
                        List.of(new Action.Notify(), new Action.Throttle(new Speed(512, 128))),
                        Rule.WINDOW_END),
                new Rule(
                        "night",
                        Rule.Owner.USER,
                        new Condition.Used(
                                Condition.Metric.BYTES,
                                Rule.Window.WEEK,
                                0,
                                1,
                                new Where(
                                        Set.of("FR", "zone_1"),
                                        Set.of("208-01"),
                                        new Where.Hours(LocalTime.of(22, 0), LocalTime.of(6, 30)),
                                        Set.of("video"))),
                        List.of(new Action.Pause()),
                        Rule.MANUAL),
                new Rule(
                        "rolling",
                        Rule.Owner.USER,
                        new Condition.Used(Condition.Metric.MONEY, Rule.Window.ROLLING, 24, 500, Where.EVERYWHERE),
                        List.of(new Action.Ask(), new Action.BlockCategories(Set.of("video", "social"))),
                        Rule.TOP_UP),
                new Rule(
                        "evening",
                        Rule.Owner.USER,
                        new Condition.During(new Where(
                                Set.of(),
                                Set.of(),
                                new Where.Hours(LocalTime.of(18, 0), LocalTime.of(23, 0)),
                                Set.of())),
                        List.of(new Action.BlockBackground()),
                        Rule.WINDOW_END),
                new Rule(
                        "device",
                        Rule.Owner.USER,
                        new Condition.Happened(Condition.Occasion.DEVICE_CHANGED, Where.EVERYWHERE),
                        List.of(new Action.Pause()),
                        new Rule.End.Moment(Instant.parse("2026-12-01T00:00:00Z"))),
                new Rule(
                        "abroad",
                        Rule.Owner.USER,
                        new Condition.Used(
                                Condition.Metric.SECONDS,
                                Rule.Window.DAY,
                                0,
                                3_600,
                                new Where(Set.of("CH"), Set.of(), null, Set.of())),
                        List.of(new Action.BlockZone()),
                        Rule.WINDOW_END));
        assertThat(RuleJson.readStored(RuleJson.write(rules).toString(), Rule.Owner.USER))
                .isEqualTo(rules);
    }

    @Test
    void speedMayBeGivenOnce() throws Exception {
        assertThat(read(rule("'then':[{'do':'throttle','kbps':512}]"), Rule.Owner.USER))
                .isInstanceOfSatisfying(
                        RuleJson.Result.Rules.class,
                        rules -> assertThat(rules.rules().getFirst().then())
                                .containsExactly(new Action.Throttle(Speed.both(512))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'then':[{'do':'explode'}]                                  | #/0/then/0/do
            'then':[]                                                  | #/0/then
            'then':[{'do':'pause'},{'do':'pause'}]                     | #/0
            'then':[{'do':'throttle'}]                                 | #/0/then/0
            'then':[{'do':'throttle','kbps':0}]                        | #/0/then/0
            'then':[{'do':'throttle','rate':{'up':1.5,'down':1}}]      | #/0/then/0
            'then':[{'do':'throttle','rate':{'up':1,'down':1},'kbps':1}] | #/0/then/0
            'then':[{'do':'pause','why':1}]                            | #/0/then/0
            'then':[{'do':'block_categories'}]                         | #/0/then/0
            'then':[{'do':'block_categories','categories':[1]}]        | #/0/then/0/categories/0
            'then':[{'do':'block_zone'}]                               | #/0
            'when':{'window':'day','overBytes':0}                      | #/0/when
            'when':{'window':'day','overBytes':-1}                     | #/0/when
            'when':{'window':'day','overBytes':'many'}                 | #/0/when/overBytes
            'when':{'window':'day','overBytes':99999999999999999999}   | #/0/when/overBytes
            'when':{'window':'day'}                                    | #/0/when
            'when':{'window':'day','overBytes':1,'overMinor':1}        | #/0/when
            'when':{'overBytes':1}                                     | #/0/when/window
            'when':{'window':'year','overBytes':1}                     | #/0/when/window
            'when':{'window':'rolling','overBytes':1}                  | #/0/when
            'when':{'window':'rolling','rollingHours':169,'overBytes':1} | #/0/when
            'when':{'window':'day','rollingHours':1,'overBytes':1}     | #/0/when
            'when':{'event':'full_moon'}                               | #/0/when/event
            'when':{'event':'alarm','window':'day'}                    | #/0/when
            'when':{'event':'alarm','categories':['video']}            | #/0/when
            'when':{}                                                  | #/0/when
            'when':{'categories':['video']}                            | #/0/when
            'when':{'networks':['Orange']}                             | #/0/when
            'when':{'window':'day','overBytes':1,'hours':{'from':'25:00','to':'01:00'}} | #/0/when/hours
            'when':{'window':'day','overBytes':1,'hours':{'from':'01:00','to':'01:00'}} | #/0/when/hours
            'when':{'window':'day','overBytes':1,'hours':'01:00-02:00'} | #/0/when/hours
            'when':{'window':'day','overBytes':1,'zones':'FR'}         | #/0/when/zones
            'when':7                                                   | #/0/when
            'id':'with space'                                          | #/0
            'owner':'operator'                                         | #/0/owner
            'until':'doomsday'                                         | #/0/until
            'until':'moment'                                           | #/0/untilAt
            'until':'moment','untilAt':'noon'                          | #/0/untilAt
            'untilAt':'2026-12-01T00:00:00Z'                           | #/0/untilAt
            'colour':1                                                 | #/0
            """)
    void faultIsToldWhereItIs(String member, String pointer) throws Exception {
        assertThat(read(rule(member.strip()), Rule.Owner.USER))
                .isInstanceOfSatisfying(
                        RuleJson.Result.Invalid.class,
                        invalid -> assertThat(invalid.faults())
                                .extracting(RuleJson.Fault::pointer)
                                .contains(pointer));
    }

    @Test
    void rulesAsStoredBeforeAreStillRead() {
        String stored = """
                [{"id": "night", "owner": "user",
                  "when": {"metric": "bytes", "window": "day", "over": 1000,
                           "where": {"zones": ["FR"], "hours": "22:00-06:00", "categories": ["video"]}},
                  "then": [{"do": "notify"}, {"do": "throttle", "downKbps": 512, "upKbps": 128}],
                  "until": "manual"}]
                """;
        assertThat(RuleJson.readStored(stored, Rule.Owner.USER))
                .containsExactly(new Rule(
                        "night",
                        Rule.Owner.USER,
                        new Condition.Used(
                                Condition.Metric.BYTES,
                                Rule.Window.DAY,
                                0,
                                1_000,
                                new Where(
                                        Set.of("FR"),
                                        Set.of(),
                                        new Where.Hours(LocalTime.of(22, 0), LocalTime.of(6, 0)),
                                        Set.of("video"))),
                        List.of(new Action.Notify(), new Action.Throttle(new Speed(512, 128))),
                        Rule.MANUAL));
    }

    @Test
    void travellerCannotSuspendEverything() throws Exception {
        String rule = rule("'then':[{'do':'suspend'}]");
        assertThat(read(rule, Rule.Owner.USER)).isInstanceOf(RuleJson.Result.Invalid.class);
        assertThat(read(rule.replace("'owner':'user',", ""), Rule.Owner.OPERATOR))
                .isInstanceOf(RuleJson.Result.Rules.class);
    }

    @Test
    void anythingButAnArrayIsAFault() throws Exception {
        for (String json : List.of("{}", "1", "null", "\"x\"", "[1]", "[null]", "[[]]")) {
            assertThat(RuleJson.read(JSON.readTree(json), Rule.Owner.USER)).isInstanceOf(RuleJson.Result.Invalid.class);
        }
    }

    /** A good rule with one member replaced or added. */
    private static String rule(String member) {
        String name = member.substring(0, member.indexOf(':') + 1);
        StringBuilder json = new StringBuilder("[{");
        for (String each : List.of(
                "'id':'a'",
                "'owner':'user'",
                "'when':{'window':'day','overBytes':1000}",
                "'then':[{'do':'notify'}]",
                "'until':'window_end'")) {
            if (!each.startsWith(name)) {
                json.append(each).append(',');
            }
        }
        return json.append(member).append("}]").toString();
    }

    private static RuleJson.Result read(String json, Rule.Owner owner) throws Exception {
        return RuleJson.read(JSON.readTree(json.replace('\'', '"')), owner);
    }
}
