package dev.octroi.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.testing.Seeds;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {
    private final Vertx vertx = Vertx.vertx();
    private final ConcurrentLinkedQueue<List<Integer>> statements = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void whoComesFirstIsAskedAtOnceAndTheOthersTogether() throws Exception {
        Promise<Void> first = Promise.promise();
        Gathering<Integer, Integer> gathering = gathering(asked -> asked.contains(0) ? first.future() : done());
        List<Future<Integer>> answers = new ArrayList<>(List.of(gathering.ask(0)));
        org.awaitility.Awaitility.await().until(() -> !statements.isEmpty());
        for (int i = 1; i <= 10; i++) {
            answers.add(gathering.ask(i));
        }
        first.complete();
        for (int i = 0; i <= 10; i++) {
            assertThat(await(answers.get(i))).isEqualTo(-i);
        }
        assertThat(statements).containsExactly(List.of(0), List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
    }

    @Test
    void aQuestionThatFailsFailsForItselfAlone() throws Exception {
        Gathering<Integer, Integer> gathering =
                gathering(asked -> asked.contains(3) ? Future.failedFuture("three") : done());
        List<Future<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(gathering.ask(i));
        }
        for (int i = 0; i < 6; i++) {
            Future<Integer> answer = answers.get(i);
            if (i == 3) {
                assertThatThrownBy(() -> await(answer))
                        .isInstanceOf(ExecutionException.class)
                        .hasMessageContaining("three");
            } else {
                assertThat(await(answer)).isEqualTo(-i);
            }
        }
    }

    @Test
    void whatThrowsInsteadOfFailingFailsTheQuestionAndNotTheNextOnes() throws Exception {
        Gathering<Integer, Integer> gathering = gathering(asked -> {
            if (asked.contains(0)) {
                throw new IllegalStateException("thrown");
            }
            return done();
        });
        assertThatThrownBy(() -> await(gathering.ask(0))).hasMessageContaining("thrown");
        assertThat(await(gathering.ask(1))).isEqualTo(-1);
    }

    @Test
    void noStatementHasTwoQuestionsWithOneKeyOrMoreThan64AndEachIsAnsweredOnce() {
        long seed = Seeds.fresh();
        Seeds.told(seed, () -> {
            Random random = new Random(seed);
            AtomicInteger failures = new AtomicInteger();
            Gathering<Integer, Integer> gathering = gathering(asked -> {
                boolean fails = asked.size() > 1 && asked.contains(7);
                failures.addAndGet(fails ? 1 : 0);
                Promise<Void> later = Promise.promise();
                vertx.setTimer(1, passed -> {
                    if (fails) {
                        later.fail("seven in company");
                    } else {
                        later.complete();
                    }
                });
                return later.future();
            });
            List<Context> contexts = List.of(
                    ((VertxInternal) vertx).createEventLoopContext(), ((VertxInternal) vertx).createEventLoopContext());
            ConcurrentLinkedQueue<Future<Boolean>> answers = new ConcurrentLinkedQueue<>();
            AtomicInteger asked = new AtomicInteger();
            int questions = 1_000;
            for (int i = 0; i < questions; i++) {
                int question = random.nextInt(40);
                Context context = contexts.get(random.nextInt(2));
                context.runOnContext(go -> {
                    answers.add(gathering.ask(question).map(answer -> answer == -question && isOn(context)));
                    asked.incrementAndGet();
                });
            }
            org.awaitility.Awaitility.await().until(() -> asked.get() == questions);
            for (Future<Boolean> answer : answers) {
                assertThat(await(answer)).as("seed %d", seed).isTrue();
            }
            assertThat(statements)
                    .as("seed %d", seed)
                    .allSatisfy(statement ->
                            assertThat(statement).doesNotHaveDuplicates().hasSizeBetween(1, 64));
            assertThat(statements)
                    .as("seed %d", seed)
                    .anySatisfy(statement -> assertThat(statement).hasSizeGreaterThan(10));
            assertThat(failures.get()).as("seed %d", seed).isPositive();
        });
    }

    private static boolean isOn(Context context) {
        Context now = Vertx.currentContext();
        return now != null
                && ((io.vertx.core.internal.ContextInternal) now).nettyEventLoop()
                        == ((io.vertx.core.internal.ContextInternal) context).nettyEventLoop();
    }

    private Gathering<Integer, Integer> gathering(java.util.function.Function<List<Integer>, Future<Void>> statement) {
        return new Gathering<>(vertx, question -> question, asked -> {
            statements.add(List.copyOf(asked));
            return statement.apply(asked).map(asked.stream().map(each -> -each).toList());
        });
    }

    private static Future<Void> done() {
        return Future.succeededFuture();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
