package dev.octroi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
                        Rule.When.over(Rule.Window.DAY, 300_000_000),
                        List.of(new Rule.Action.Notify(), new Rule.Action.Throttle(new Speed(512, 128))),
                        Rule.End.WINDOW_END),
                new Rule(
                        "night",
                        Rule.Owner.USER,
                        new Rule.When(
                                Rule.Window.WEEK,
                                1,
                                Set.of("FR", "zone_1"),
                                new Rule.Hours(LocalTime.of(22, 0), LocalTime.of(6, 30)),
                                Set.of("video")),
                        List.of(new Rule.Action.Pause()),
                        Rule.End.MANUAL));
        assertThat(RuleJson.readStored(RuleJson.write(rules).toString(), Rule.Owner.USER))
                .isEqualTo(rules);
    }

    @Test
    void speedMayBeGivenOnce() throws Exception {
        assertThat(read(rule("'then':[{'do':'throttle','kbps':512}]"), Rule.Owner.USER))
                .isInstanceOfSatisfying(
                        RuleJson.Result.Rules.class,
                        rules -> assertThat(rules.rules().getFirst().then())
                                .containsExactly(new Rule.Action.Throttle(Speed.both(512))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'then':[{'do':'explode'}]                                  | #/0/then/0/do
            'then':[]                                                  | #/0/then
            'then':[{'do':'pause'},{'do':'pause'}]                     | #/0
            'then':[{'do':'throttle'}]                                 | #/0/then/0
            'then':[{'do':'throttle','kbps':0}]                        | #/0/then/0
            'then':[{'do':'throttle','kbps':1.5}]                      | #/0/then/0
            'then':[{'do':'pause','why':1}]                            | #/0/then/0
            'when':{'window':'day','over':0}                           | #/0/when
            'when':{'window':'day','over':'many'}                      | #/0/when/over
            'when':{'window':'day','over':99999999999999999999}        | #/0/when/over
            'when':{'window':'year','over':1}                          | #/0/when/window
            'when':{'window':'day','over':1,'where':{'hours':'25:00-01:00'}} | #/0/when/where/hours
            'when':{'window':'day','over':1,'where':{'hours':'01:00-01:00'}} | #/0/when/where/hours
            'when':{'window':'day','over':1,'where':{'zones':'FR'}}    | #/0/when/where/zones
            'when':7                                                   | #/0/when
            'id':'with space'                                          | #/0
            'owner':'operator'                                         | #/0/owner
            'until':'doomsday'                                         | #/0/until
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
                "'when':{'metric':'bytes','window':'day','over':1000}",
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
