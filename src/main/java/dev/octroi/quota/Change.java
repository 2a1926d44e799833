package dev.octroi.quota;

import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.OpenHours;
import java.util.List;

/**
 * One account's part of a batch.
 *
 * @param before as it was read
 * @param after as it will be, numbered one higher
 * @param effects what is written with it
 * @param closed hours that are added to the hourly sums now
 * @param ticked whether its timer must be set anew even when the moment is the same
 */
record Change(
        AccountState before, AccountState after, List<Effect> effects, List<OpenHours.Sum> closed, boolean ticked) {}
