package dev.octroi.quota.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Policy;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.UsageRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Plays the examples of {@code docs/policy.md}. */
class PolicyDocTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("### (\\d+\\. [^\\n]+)\\n.*?```json\\n(.*?)```", Pattern.DOTALL);
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "traveller", null);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @TestFactory
    List<DynamicTest> examplesOfThePolicyPageHold() throws IOException {
        Path page = Path.of(System.getProperty("octroi.home", "."), "docs", "policy.md");
        Matcher matcher = EXAMPLE.matcher(Files.readString(page));
        List<DynamicTest> examples = new ArrayList<>();
        while (matcher.find()) {
            JsonNode example = JSON.readTree(matcher.group(2));
            examples.add(dynamicTest(matcher.group(1), () -> new Story(example).play()));
        }
        assertThat(examples).as("ten worked examples").hasSize(10);
        return examples;
    }

    private final class Story {
        private final JsonNode example;
        private AccountState state;
        private Instant now;
        private int serial;
        private String plmn = "208-01";
        private String country = "FR";

        Story(JsonNode example) {
            this.example = example;
            this.now = moment(example.path("from").asText("2026-11-23T10:00"));
            this.state = AccountFixture.begun(decider, AccountFixture.france(), now);
        }

        void play() {
            Rule.Owner owner = Rule.Owner.valueOf(example.path("owner").asText().toUpperCase(Locale.ROOT));
            put(owner, example.path("rules"));
            if (example.has("user")) {
                put(Rule.Owner.USER, example.path("user"));
            }
            for (JsonNode step : example.path("story")) {
                passTime(moment(step.path("at").asText()));
                act(step);
                assertThat(words(state.policy()))
                        .as(step.path("at").asText())
                        .isEqualTo(step.path("then").asText());
            }
        }

        private void put(Rule.Owner owner, JsonNode rules) {
            decide(new AccountCommand.PutRules(
                    owner, RuleJson.readStored(rules.toString(), owner), null, AccountFixture.ADMIN));
        }

        /** The timer acts when the account asked for it; nothing else does. */
        private void passTime(Instant to) {
            while (NextMoment.of(state) != null && !NextMoment.of(state).isAfter(to)) {
                now = NextMoment.of(state);
                decide(new AccountCommand.Tick(Actor.system("clock")));
            }
            now = to;
        }

        private void act(JsonNode step) {
            if (step.has("use")) {
                use(
                        step.path("use").asLong() * AccountFixture.MB,
                        step.path("category").asText("web"));
            }
            if (step.has("move")) {
                plmn = step.path("move").get(0).asText();
                country = step.path("move").get(1).asText();
                seen(null);
            }
            if (step.has("device")) {
                seen(step.path("device").asText().repeat(16));
            }
            switch (step.path("do").asText()) {
                case "" -> {}
                case "resume" -> decide(new AccountCommand.Resume(TRAVELLER));
                case "top_up" ->
                    decide(new AccountCommand.TopUp(
                            500 * AccountFixture.MB, "t" + serial++, "more", AccountFixture.ADMIN));
                case "fraud_block" ->
                    decide(new AccountCommand.Suspend(RestrictionClass.LEGAL, true, "fraud", AccountFixture.ADMIN));
                case "lift_fraud_block" ->
                    decide(new AccountCommand.Lift(null, RestrictionClass.LEGAL, "settled", AccountFixture.ADMIN));
                default -> throw new AssertionError("unknown act " + step.path("do"));
            }
        }

        private void seen(String device) {
            decide(new AccountCommand.ReportLocation(plmn, country, null, null, device, now, AccountFixture.NETWORK));
        }

        private void use(long bytes, String category) {
            UsageRecord record = new UsageRecord(
                    "doc",
                    "r" + serial++,
                    UsageRecord.Meaning.DELTA,
                    null,
                    64,
                    now,
                    now,
                    now,
                    0,
                    bytes,
                    plmn,
                    country,
                    null,
                    "NR",
                    Category.of(category));
            decide(new AccountCommand.CountUsage(record, AccountFixture.NETWORK));
        }

        private void decide(AccountCommand command) {
            state = decider.decide(state, command, now).state();
        }
    }

    /** Local time of Paris, or with an offset where that is not enough. */
    private static Instant moment(String text) {
        return text.matches(".*T.*\\+.*")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(AccountFixture.PARIS).toInstant();
    }

    private static String words(Policy policy) {
        StringBuilder words = new StringBuilder(policy.level().word());
        if (policy.speed() != null) {
            words.append(' ').append(policy.speed().downKbps());
        }
        if (!policy.reasonCode().equals(Policy.NO_REASON)) {
            words.append(' ').append(policy.reasonCode());
        }
        if (!policy.blockedCategories().isEmpty()) {
            words.append(' ').append(String.join(",", policy.blockedCategories()));
        }
        return words.toString();
    }
}
