package dev.octroi.quota;

import dev.octroi.quota.account.Answer;
import dev.octroi.quota.account.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Commands that were submitted together: whoever did hears of all of them at once, when the last outcome is known. */
final class Company {
    private final @Nullable Answer[] answers;
    private final AtomicInteger left;
    private final Promise<List<Answer>> promise;

    /** @param size how many commands, at least one */
    Company(int size, Promise<List<Answer>> promise) {
        this.answers = new @Nullable Answer[size];
        this.left = new AtomicInteger(size);
        this.promise = promise;
    }

    /** The one who waits for the command at a place; told by one thread. */
    Waiting at(int place) {
        return new Waiting() {
            @Override
            public void tell(Outcome outcome) {
                put(place, new Answer.Told(outcome));
            }

            @Override
            public void fail(Throwable failure) {
                put(place, new Answer.Failed(failure));
            }
        };
    }

    /** Completed when all is known; never fails. */
    Future<List<Answer>> answers() {
        return promise.future();
    }

    private void put(int place, Answer answer) {
        if (answers[place] != null) {
            return;
        }
        answers[place] = answer;
        if (left.decrementAndGet() == 0) {
            promise.complete(Arrays.<Answer>asList(answers));
        }
    }
}
