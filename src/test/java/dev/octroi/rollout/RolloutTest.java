package dev.octroi.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.quota.account.ItemState;
import dev.octroi.rollout.Rollout.Task;
import dev.octroi.rollout.Rollout.Wish;
import dev.octroi.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final Instant START = Instant.parse("2026-11-28T10:00:00Z");
    private static final int HISTORIES = 4_000;
    private static final Set<ChangeState> ENDED = EnumSet.of(
            ChangeState.COMPLETED,
            ChangeState.REJECTED,
            ChangeState.WITHDRAWN,
            ChangeState.EXPIRED,
            ChangeState.UNDONE);

    @Test
    void aStepIsOfAtLeastOneSubscriptionAndTheLastOfAll() {
        RolloutPlan plan = new RolloutPlan(150, RolloutPlan.DEFAULT_STEPS, new StopWhen(5, 5));
        assertThat(List.of(plan.upTo(0), plan.upTo(1), plan.upTo(2))).containsExactly(2, 15, 150);
        RolloutPlan one = new RolloutPlan(1, RolloutPlan.DEFAULT_STEPS, new StopWhen(5, 5));
        assertThat(one.upTo(0)).isEqualTo(1);
        assertThat(one.soak(0)).isEqualTo(Duration.ofMinutes(10));
        assertThat(one.soak(2)).as("a step that adds nobody is not watched").isZero();
    }

    @Test
    void stepsRiseToOneHundredPercent() {
        Duration none = Duration.ZERO;
        assertThatThrownBy(() -> RolloutPlan.check(List.of(new RolloutPlan.Step(50, none))))
                .hasMessageContaining("100 percent");
        assertThatThrownBy(() ->
                        RolloutPlan.check(List.of(new RolloutPlan.Step(100, none), new RolloutPlan.Step(100, none))))
                .hasMessageContaining("larger");
        assertThatThrownBy(() -> RolloutPlan.check(List.of())).hasMessageContaining("1 to 10 steps");
    }

    @Test
    void anIndicatorIsBadBeyondItsShareAndNotAtIt() {
        StopWhen stop = new StopWhen(5, 10);
        assertThat(stop.judge(Indicator.NONE)).isEmpty();
        assertThat(stop.judge(new Indicator(100, 5, 10))).isEmpty();
        assertThat(stop.judge(new Indicator(100, 6, 0)).orElseThrow()).startsWith("6 of 100");
        assertThat(stop.judge(new Indicator(100, 0, 11)).orElseThrow()).contains("11 of 100");
        assertThat(new StopWhen(100, 100).judge(new Indicator(1, 1, 1))).isEmpty();
        assertThat(new StopWhen(0, 100).judge(new Indicator(1_000_000, 1, 0))).isPresent();
    }

    @Test
    void nobodyApprovesTheirOwnChangeNorOneThatHasExpired() {
        Rollout waiting = Rollout.waiting(START.plusSeconds(60));
        assertThat(waiting.wish(Wish.APPROVE, true, START)).isInstanceOf(Rollout.Ruling.OwnProposal.class);
        assertThat(waiting.wish(Wish.APPROVE, false, START)).isInstanceOf(Rollout.Ruling.Granted.class);
        assertThat(waiting.wish(Wish.APPROVE, false, START.plusSeconds(60)))
                .isEqualTo(new Rollout.Ruling.WrongState(ChangeState.EXPIRED));
    }

    /** Two gateways that die at any moment, people who interfere, indicators that go bad. */
    @Test
    void randomHistoriesApplyOnceInStepsAndUndoWhole() {
        Set<ChangeState> seen = EnumSet.noneOf(ChangeState.class);
        for (long seed = 1; seed <= HISTORIES; seed++) {
            World world = new World(seed);
            Seeds.told(seed, () -> {
                for (int i = 0; i < 120; i++) {
                    world.move();
                    seen.add(world.rollout.state());
                }
                world.finish();
                seen.add(world.rollout.state());
            });
        }
        assertThat(seen).as("every state is met").isEqualTo(EnumSet.allOf(ChangeState.class));
    }

    /** A worker's view of the change, and how far it is with what it wants to do. */
    private static final class Worker {
        @Nullable
        Task task;

        long version;
        List<Integer> places = new ArrayList<>();
        Instant claimedAt = START;
    }

    private static final class World {
        final Random random;
        final String name;
        final RolloutPlan plan;
        final ItemState[] items;
        final Instant[] appliedAt;
        final Worker[] workers = {new Worker(), new Worker()};
        Instant now = START;
        Rollout rollout;
        long version = 1;
        boolean approved;
        boolean bad;

        World(long seed) {
            random = new Random(seed);
            name = "seed " + seed;
            int total = 1 + random.nextInt(40);
            List<RolloutPlan.Step> steps = new ArrayList<>();
            int percent = 0;
            while (percent < 100) {
                percent = steps.size() == 3 ? 100 : Math.min(100, percent + 1 + random.nextInt(60));
                steps.add(new RolloutPlan.Step(percent, Duration.ofSeconds(random.nextInt(20))));
            }
            plan = new RolloutPlan(total, steps, new StopWhen(10, 10));
            items = new ItemState[total];
            Arrays.fill(items, ItemState.PENDING);
            appliedAt = new Instant[total];
            approved = random.nextBoolean();
            rollout = approved ? Rollout.running() : Rollout.waiting(START.plusSeconds(40));
        }

        void move() {
            now = now.plusMillis(random.nextInt(3_000));
            switch (random.nextInt(12)) {
                case 0 -> wish(Wish.values()[random.nextInt(Wish.values().length)], random.nextBoolean());
                case 1 -> bad = random.nextInt(4) == 0;
                case 2 -> workers[random.nextInt(2)] = new Worker();
                default -> work(workers[random.nextInt(2)]);
            }
        }

        /** Without people and trouble the rest ends by itself. */
        void finish() {
            bad = false;
            // What a worker saw while it was bad may still stop it: these died.
            workers[0] = new Worker();
            workers[1] = new Worker();
            if (rollout.state() == ChangeState.PAUSED || rollout.state() == ChangeState.STOPPED) {
                wish(random.nextBoolean() ? Wish.RESUME : Wish.UNDO, true);
            }
            for (int i = 0; i < 2_000 && !ENDED.contains(rollout.state()); i++) {
                now = now.plusSeconds(1);
                work(workers[i % 2]);
            }
            assertThat(rollout.state()).as(name).isIn(ENDED);
        }

        void wish(Wish wish, boolean own) {
            if (rollout.wish(wish, own, now) instanceof Rollout.Ruling.Granted granted) {
                assertThat(ENDED.contains(rollout.state()) && rollout.state() != ChangeState.COMPLETED)
                        .as("%s: what has ended stays ended", name)
                        .isFalse();
                if (wish == Wish.APPROVE) {
                    assertThat(own).as(name).isFalse();
                    approved = true;
                }
                go(granted.rollout());
            }
        }

        void work(Worker worker) {
            Task task = worker.task;
            if (task == null) {
                look(worker);
            } else if (task instanceof Task.Turn turn) {
                worker.task = null;
                // The store turns a change over only in the version that was seen.
                if (worker.version == version) {
                    go(turn.next());
                }
            } else if (worker.places.isEmpty()) {
                worker.task = null;
            } else {
                one(worker.places.removeFirst(), task);
            }
        }

        void look(Worker worker) {
            int upTo = plan.upTo(rollout.step());
            int pending = rollout.state() == ChangeState.RUNNING
                    ? places(ItemState.PENDING, upTo).size()
                    : 0;
            int applied = places(ItemState.APPLIED, plan.total()).size();
            Task task = rollout.next(plan, pending, new Indicator(applied, bad ? applied : 0, 0), now);
            worker.version = version;
            worker.places = new ArrayList<>();
            switch (task) {
                case Task.Rest rest -> {
                    return;
                }
                case Task.Turn turn -> {}
                case Task.Apply apply -> worker.places = places(ItemState.PENDING, apply.upTo());
                case Task.TakeBack back -> worker.places = places(ItemState.APPLIED, plan.total());
            }
            worker.task = task;
        }

        /** An account's transaction: it looks at the change and its item as they are now. */
        void one(int place, Task task) {
            if (task instanceof Task.Apply) {
                if (rollout.state() == ChangeState.RUNNING && items[place - 1] == ItemState.PENDING) {
                    apply(place);
                }
            } else if (rollout.state() == ChangeState.UNDOING && items[place - 1] == ItemState.APPLIED) {
                items[place - 1] = ItemState.UNDONE;
            }
        }

        void apply(int place) {
            assertThat(approved).as("%s: approved", name).isTrue();
            assertThat(place).as("%s: within the step", name).isLessThanOrEqualTo(plan.upTo(rollout.step()));
            for (int step = 0; step < rollout.step(); step++) {
                for (int before = 1; before <= plan.upTo(step); before++) {
                    Instant done = appliedAt[before - 1];
                    assertThat(done).as("%s: the step before is done", name).isNotNull();
                    if (place > plan.upTo(step)) {
                        assertThat(now).as("%s: it was watched", name).isAfterOrEqualTo(done.plus(plan.soak(step)));
                    }
                }
            }
            assertThat(appliedAt[place - 1]).as("%s: applied once", name).isNull();
            appliedAt[place - 1] = now;
            items[place - 1] = ItemState.APPLIED;
        }

        void go(Rollout next) {
            rollout = next;
            version++;
            if (next.state() == ChangeState.UNDONE) {
                assertThat(items).as(name).doesNotContain(ItemState.APPLIED);
            }
            if (next.state() == ChangeState.COMPLETED) {
                assertThat(items).as(name).containsOnly(ItemState.APPLIED);
            }
        }

        List<Integer> places(ItemState state, int upTo) {
            List<Integer> places = new ArrayList<>();
            for (int place = 1; place <= upTo; place++) {
                if (items[place - 1] == state) {
                    places.add(place);
                }
            }
            return places;
        }
    }
}
