package dev.octroi.quota.account;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.policy.Policy;
import dev.octroi.quota.AccountLoadStore;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.decide.AccountFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What accounts have in common in memory. */
class AlikeTest {
    @Test
    void accountsThatAreReadHaveOneOfWhatIsEqual() {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AccountKey first = fixture.open(AccountFixture.france());
            AccountKey second = fixture.open(AccountFixture.france());
            fixture.use(first, "a", MB);
            fixture.use(second, "b", MB);
            Map<AccountKey, AccountState> read = await(fixture.database.inWorker(
                    connection -> new AccountLoadStore().load(connection, List.of(first, second), false)));
            AccountState one = read.get(first);
            AccountState other = read.get(second);
            assertThat(one.policy()).isSameAs(Policy.UNRESTRICTED).isSameAs(other.policy());
            assertThat(one.background()).isSameAs(Background.ON).isSameAs(other.background());
            assertThat(one.charges()).isSameAs(other.charges());
            assertThat(one.buckets().getFirst().reason())
                    .isSameAs(other.buckets().getFirst().reason());
            OpenHours.Where where = one.hours().sums().getFirst().where();
            assertThat(where.plmn())
                    .isSameAs(other.hours().sums().getFirst().where().plmn());
        }
    }
}
