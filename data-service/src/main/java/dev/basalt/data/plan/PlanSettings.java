package dev.basalt.data.plan;

/**
 * What an operator allows requests.
 *
 * @param aggregates whether they may aggregate
 * @param maxRows the most rows of an embedded resource for one row it is embedded in; 0 is no bound
 */
public record PlanSettings(boolean aggregates, long maxRows) {}
