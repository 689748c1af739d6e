/** How long the activity log keeps an event: 90 days. @see https://learn.microsoft.com/azure/azure-monitor/platform/activity-log */
export const activityRetentionMillis = 90 * 24 * 60 * 60 * 1000;
