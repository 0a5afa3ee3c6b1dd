/** What Pro costs for each account and month; before anybody is signed in nobody can be asked. */
export const PRO_PRICE = "$19";
