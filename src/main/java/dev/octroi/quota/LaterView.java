package dev.octroi.quota;

import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The view of an account at a moment, made when somebody asks for it; from any thread. */
final class LaterView implements Supplier<AccountView> {
    private final AccountState state;
    private final @Nullable AccountState owner;
    private final Instant now;
    /** Made twice when two threads ask at once: both are the same. */
    private @Nullable AccountView made;

    /** @param owner the account whose volume it spends; null: its own */
    LaterView(AccountState state, @Nullable AccountState owner, Instant now) {
        this.state = state;
        this.owner = owner;
        this.now = now;
    }

    @Override
    public AccountView get() {
        AccountView view = made;
        if (view == null) {
            view = Views.of(state, owner, now, null, null);
            made = view;
        }
        return view;
    }
}
