package dev.octroi.db;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Sends as one statement what several callers ask at about the same time. Whoever comes first waits for nobody; who comes
 * within {@value #GAP_MS} ms of the last statement, or while it runs, goes with the next one. So a database that has much to
 * do gets fewer statements and commits, and a caller waits at most that long more. From any thread; each answer comes on the
 * context of its caller.
 *
 * @param <Q> what is asked; two questions with the same key never go together
 * @param <A> what is answered
 */
public final class Gathering<Q, A> {
    private static final int GAP_MS = 20;
    private static final int MAX_TOGETHER = 64;
    private static final int MAX_WAITING = 2_000;

    private final ContextInternal context;
    private final Function<Q, Object> keyOf;
    private final Function<List<Q>, Future<List<A>>> together;
    private final Deque<Waiting<Q, A>> waiting = new ArrayDeque<>();
    private boolean busy;
    private long lastNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(GAP_MS);

    private record Waiting<Q, A>(Q question, Promise<A> answer) {}

    /** There are too many questions already: the database is gone or far too slow. Nothing of the question was done. */
    public static final class TooManyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManyException() {
            super("too many wait for the database", null, false, false);
        }
    }

    /**
     * @param vertx whose event loops carry the statements; this one stays on one of them
     * @param keyOf what tells two questions apart that cannot be answered by one statement
     * @param together answers 1 to {@value #MAX_TOGETHER} questions in their order, all or none; when it fails, each is
     *     asked again alone, so that one bad question fails for itself
     */
    public Gathering(Vertx vertx, Function<Q, Object> keyOf, Function<List<Q>, Future<List<A>>> together) {
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.keyOf = keyOf;
        this.together = together;
    }

    /** Asks; fails with {@link TooManyException} when {@value #MAX_WAITING} wait, and as the statement fails. */
    public Future<A> ask(Q question) {
        Promise<A> answer = context.owner().getOrCreateContext().promise();
        synchronized (this) {
            if (waiting.size() >= MAX_WAITING) {
                return Future.failedFuture(new TooManyException());
            }
            waiting.add(new Waiting<>(question, answer));
            if (busy) {
                return answer.future();
            }
            busy = true;
        }
        context.runOnContext(free -> next());
        return answer.future();
    }

    /** On the context, with nothing under way and at least one waiting. */
    private void next() {
        long pauseMs = GAP_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNanos);
        if (pauseMs > 0 && !isCrowded()) {
            context.owner().timer(pauseMs, TimeUnit.MILLISECONDS).onSuccess(passed -> send());
        } else {
            send();
        }
    }

    private synchronized boolean isCrowded() {
        return waiting.size() >= MAX_TOGETHER;
    }

    private void send() {
        List<Waiting<Q, A>> taken = take();
        lastNanos = System.nanoTime();
        answer(taken).onComplete(done -> {
            synchronized (this) {
                busy = !waiting.isEmpty();
                if (!busy) {
                    return;
                }
            }
            next();
        });
    }

    private synchronized List<Waiting<Q, A>> take() {
        List<Waiting<Q, A>> taken = new ArrayList<>();
        Set<Object> keys = new HashSet<>();
        for (Iterator<Waiting<Q, A>> each = waiting.iterator(); each.hasNext() && taken.size() < MAX_TOGETHER; ) {
            Waiting<Q, A> next = each.next();
            if (keys.add(keyOf.apply(next.question()))) {
                taken.add(next);
                each.remove();
            }
        }
        return taken;
    }

    private Future<Void> answer(List<Waiting<Q, A>> taken) {
        return statement(taken)
                .onSuccess(answers -> {
                    for (int i = 0; i < taken.size(); i++) {
                        taken.get(i).answer().complete(answers.get(i));
                    }
                })
                .<Void>mapEmpty()
                .recover(failure -> {
                    if (taken.size() == 1) {
                        taken.getFirst().answer().fail(failure);
                        return Future.succeededFuture();
                    }
                    return Future.join(taken.stream()
                                    .map(each -> answer(List.of(each)))
                                    .toList())
                            .mapEmpty();
                });
    }

    private Future<List<A>> statement(List<Waiting<Q, A>> taken) {
        try {
            return together.apply(taken.stream().map(Waiting::question).toList());
        } catch (RuntimeException broken) {
            return Future.failedFuture(broken);
        }
    }
}
