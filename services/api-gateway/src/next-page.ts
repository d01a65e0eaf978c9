/** The Link header to the next page, which differs from this one in its query; none without a query. */
export const nextPage = (
  path: string,
  query: Readonly<Record<string, string | number>> | undefined,
): { readonly Link?: string } => {
  if (query === undefined) return {}
  const search = new URLSearchParams(
    Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])),
  )
  return { Link: `<${path}?${search.toString()}>; rel="next"` }
}
