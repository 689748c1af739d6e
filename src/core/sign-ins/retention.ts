/** How long a sign-in is kept: 90 days, as long as what was done with its token is. Entra ID keeps its own for 30. */
export const signInRetentionMillis = 90 * 24 * 60 * 60 * 1000;
