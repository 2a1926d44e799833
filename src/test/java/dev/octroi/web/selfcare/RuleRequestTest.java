package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.RuleSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the form asks for, read. */
class RuleRequestTest {
    private static final RuleSet NONE = new RuleSet(Rule.Owner.USER, 0, List.of());

    @Test
    void anyHundredMegabytesInAnyTwentyFourHours() {
        RuleRequest.Result result = RuleRequest.read(
                Map.of("when", "used", "mb", " 100 ", "window", "rolling", "of", "social", "then", "ask"), NONE);
        assertThat(RuleJson.write(((RuleRequest.Result.Wanted) result).rule()).toString())
                .isEqualTo("{\"id\":\"page-1\",\"owner\":\"user\",\"when\":{\"window\":\"rolling\",\"rollingHours\":24,"
                        + "\"overBytes\":100000000,\"categories\":[\"social\"]},\"then\":[{\"do\":\"ask\"}],"
                        + "\"until\":\"window_end\"}");
    }

    @Test
    void idIsTheFirstThatIsFree() {
        Rule first =
                ((RuleRequest.Result.Wanted) RuleRequest.read(Map.of("when", "alarm", "then", "pause"), NONE)).rule();
        RuleSet own = new RuleSet(Rule.Owner.USER, 1, List.of(first));
        Rule second =
                ((RuleRequest.Result.Wanted) RuleRequest.read(Map.of("when", "alarm", "then", "notify"), own)).rule();
        assertThat(List.of(first.id(), second.id())).containsExactly("page-1", "page-2");
    }

    /** Whatever is sent, it is a rule that the API takes as well, or refused; the seed is in the failure. */
    @Test
    void whateverIsSentIsARuleThatStandsOrARefusal() throws Exception {
        List<String> names =
                List.of("when", "mb", "window", "of", "from", "to", "country", "then", "kbps", "block", "until");
        List<String> values = List.of(
                "used",
                "hours",
                "place",
                "alarm",
                "device_changed",
                "country_changed",
                "300",
                "0",
                "9999999",
                "day",
                "rolling",
                "all",
                "video",
                "23:00",
                "07:00",
                "24:00",
                "FR",
                "fr",
                "slow",
                "pause",
                "ask",
                "block",
                "512",
                "513",
                "window_end",
                "top_up",
                "manual",
                "",
                " ",
                "<b>",
                "suspend",
                "other");
        int wanted = 0;
        for (int seed = 1; seed <= 20_000; seed++) {
            Random random = new Random(seed);
            Map<String, String> form = new HashMap<>();
            for (String name : names) {
                form.put(name, values.get(random.nextInt(values.size())));
            }
            RuleRequest.Result result = RuleRequest.read(form, NONE);
            if (result instanceof RuleRequest.Result.Wanted rule) {
                wanted++;
                assertThat(RuleJson.read(RuleJson.write(List.of(rule.rule())), Rule.Owner.USER))
                        .as("seed %d, %s", seed, form)
                        .isEqualTo(new RuleJson.Result.Rules(List.of(rule.rule())));
            }
        }
        assertThat(wanted).isPositive();
    }
}
