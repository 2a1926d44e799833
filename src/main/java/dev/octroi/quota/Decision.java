package dev.octroi.quota;

import java.util.List;

/**
 * What follows from commands.
 *
 * @param state the account afterwards
 * @param effects what is written with it, in order
 * @param replies one for each command, in order
 */
record Decision(AccountState state, List<Effect> effects, List<Reply> replies) {}
