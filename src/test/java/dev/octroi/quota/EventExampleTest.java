package dev.octroi.quota;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.octroi.drain.DrainKind;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What resellers copy out of the contract is what they are sent. */
class EventExampleTest {
    private static QuotaFixture fixture;
    private static JsonNode contract;

    @BeforeAll
    static void open() throws Exception {
        fixture = new QuotaFixture();
        contract = new YAMLMapper().readTree(Path.of("openapi/reseller.yaml").toFile());
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void theMembersOfTheExampleAreThoseOfAWarning() throws Exception {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.use(key, "a", 2_500 * MB);
        JsonNode sent = warning(key);
        assertThat(names(sent)).contains("subscription", "percent");
        assertThat(names(contract.at("/components/examples/Event/value/data")))
                .containsExactlyInAnyOrderElementsOf(names(sent));
        assertThat(names(contract.at("/components/examples/EventPage/value/items/0/data")))
                .containsExactlyInAnyOrderElementsOf(names(sent));
        JsonNode declared = contract.at("/components/schemas/Event/properties/data/properties/subscription");
        assertThat(sent.path("subscription").asText())
                .matches(declared.path("pattern").asText());
    }

    @Test
    void theCaseOfTheExampleIsOfAKindThatThereIs() {
        String kind = contract.at("/components/examples/Case/value/kind").asText();
        assertThat(Arrays.stream(DrainKind.values()).map(DrainKind::word)).contains(kind);
    }

    private static JsonNode warning(AccountKey key) throws Exception {
        try (var connection = TestDatabase.connect(fixture.config);
                var statement = connection.prepareStatement("""
                        SELECT e.data::text FROM event e JOIN account a ON a.subscription_id = e.subject_id
                        WHERE a.id = ? AND e.type = 'usage.threshold_reached'
                        """)) {
            statement.setLong(1, key.accountId());
            try (var rows = statement.executeQuery()) {
                assertThat(rows.next()).isTrue();
                return new ObjectMapper().readTree(rows.getString(1));
            }
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
