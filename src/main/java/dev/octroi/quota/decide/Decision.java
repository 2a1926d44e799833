package dev.octroi.quota.decide;

import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Reply;
import java.util.List;

/**
 * What follows from commands.
 *
 * @param state the account afterwards
 * @param effects what is written with it, in order
 * @param replies one for each command, in order
 */
public record Decision(AccountState state, List<Effect> effects, List<Reply> replies) {}
