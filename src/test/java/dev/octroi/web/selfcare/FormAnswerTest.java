package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.http.Problem;
import dev.octroi.http.ProblemException;
import dev.octroi.http.ProblemType;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a form that was not taken says. */
class FormAnswerTest {
    private static final Map<String, String> FORM = Map.of("agreed", "true", FormAnswer.FORM, "overage");

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void whateverAnAccountRefusesIsSaidInEachLanguage(Refusal code) {
        ProblemException problem = SelfCareActs.problem(new Outcome.Refused(code, "why"));
        FormAnswer.Refused refused =
                (FormAnswer.Refused) FormAnswer.ofFailure(problem, FORM).result();
        for (Locale locale : List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE)) {
            assertThat(new Texts(locale, ZoneOffset.UTC).get(refused.key())).isNotBlank();
        }
        assertThat(refused.form()).isEqualTo(FORM);
        assertThat(refused.status()).isEqualTo(code == Refusal.BUSY ? 503 : 422);
    }

    @Test
    void whoeverComesWhenTooMuchIsGoingOnMayTryAgain() {
        ProblemException problem = SelfCareActs.problem(new Outcome.Refused(Refusal.BUSY, "full"));
        assertThat(problem.headers()).containsEntry("Retry-After", "1");
        assertThat(FormAnswer.ofFailure(problem, FORM).result().sent("overage")).isEqualTo(FORM);
        assertThat(FormAnswer.ofFailure(problem, FORM).result().sent("limits")).isEmpty();
    }

    @Test
    void whatIsNoRefusalIsNoAnswerToAForm() {
        for (ProblemType type : EnumSet.of(ProblemType.NOT_FOUND, ProblemType.INTERNAL, ProblemType.FORBIDDEN)) {
            assertThat(FormAnswer.ofFailure(Problem.of(type).toException(), FORM)
                            .failed())
                    .as(type.name())
                    .isTrue();
        }
        assertThat(FormAnswer.ofFailure(new IllegalStateException(), FORM).failed())
                .isTrue();
    }
}
