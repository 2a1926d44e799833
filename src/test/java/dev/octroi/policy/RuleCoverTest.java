package dev.octroi.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule leaves which other one nothing to do. */
class RuleCoverTest {
    private static final String DAY = "{\"window\": \"day\", \"overBytes\": 100}";
    private static final String SLOW = "[{\"do\": \"throttle\", \"rate\": {\"up\": 512, \"down\": 512}}]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"window": "day", "overBytes": 100}                     | {"window": "day", "overBytes": 200}                     | true
            {"window": "day", "overBytes": 200}                     | {"window": "day", "overBytes": 100}                     | false
            {"window": "day", "overBytes": 100}                     | {"window": "week", "overBytes": 200}                    | false
            {"window": "day", "overBytes": 100}                     | {"window": "day", "overSeconds": 200}                   | false
            {"window": "day", "overBytes": 100}                     | {"window": "day", "overBytes": 100, "zones": ["FR"]}    | true
            {"window": "day", "overBytes": 100, "zones": ["FR"]}    | {"window": "day", "overBytes": 100}                     | false
            {"window": "day", "overBytes": 9, "categories": ["web"]} | {"window": "day", "overBytes": 9, "categories": ["iot"]} | false
            {"window": "rolling", "rollingHours": 2, "overBytes": 9} | {"window": "rolling", "rollingHours": 3, "overBytes": 9} | false
            {"zones": ["FR", "CH"]}                                 | {"zones": ["CH"]}                                       | true
            {"zones": ["CH"]}                                       | {"zones": ["CH"], "hours": {"from": "01:00", "to": "02:00"}} | true
            {"hours": {"from": "01:00", "to": "03:00"}}             | {"hours": {"from": "01:00", "to": "02:00"}}             | false
            {"event": "alarm"}                                      | {"event": "alarm"}                                      | true
            {"event": "alarm"}                                      | {"event": "device_changed"}                             | false
            {"event": "alarm"}                                      | {"window": "day", "overBytes": 200}                     | false
            """)
    void conditionThatIsMetWheneverTheOtherIs(String strict, String other, boolean covers) throws Exception {
        assertThat(RuleCover.covers(rule(strict, SLOW, "window_end"), rule(other, SLOW, "window_end")))
                .isEqualTo(covers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"do": "throttle", "rate": {"up": 64, "down": 64}}          | {"do": "throttle", "rate": {"up": 64, "down": 128}}  | true
            {"do": "throttle", "rate": {"up": 128, "down": 64}}         | {"do": "throttle", "rate": {"up": 64, "down": 128}}  | false
            {"do": "pause"}                                             | {"do": "throttle", "rate": {"up": 64, "down": 128}}  | true
            {"do": "pause"}                                             | {"do": "ask"}                                        | true
            {"do": "ask"}                                               | {"do": "pause"}                                      | false
            {"do": "pause"}                                             | {"do": "notify"}                                     | false
            {"do": "notify"}                                            | {"do": "pause"}                                      | false
            {"do": "block_background"}                                  | {"do": "block_categories", "categories": ["video"]}  | false
            {"do": "block_categories", "categories": ["video", "iot"]}  | {"do": "block_categories", "categories": ["video"]}  | true
            """)
    void actionThatIsAsStrict(String strict, String other, boolean covers) throws Exception {
        assertThat(RuleCover.covers(rule(DAY, "[" + strict + "]", "manual"), rule(DAY, "[" + other + "]", "top_up")))
                .isEqualTo(covers);
    }

    @Test
    void ruleThatEndsEarlierLeavesTheOtherSomethingToDo() throws Exception {
        assertThat(RuleCover.covers(rule(DAY, SLOW, "top_up"), rule(DAY, SLOW, "window_end")))
                .isFalse();
        assertThat(RuleCover.covers(rule(DAY, SLOW, "window_end"), rule(DAY, SLOW, "manual")))
                .isFalse();
    }

    private static Rule rule(String when, String then, String until) throws Exception {
        String json = "[{\"id\": \"r\", \"when\": " + when + ", \"then\": " + then + ", \"until\": \"" + until + "\"}]";
        return ((RuleJson.Result.Rules) RuleJson.read(new JsonMapper().readTree(json), Rule.Owner.RESELLER))
                .rules()
                .getFirst();
    }
}
