using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Releases;

/// <inheritdoc cref="IReleases" />
internal sealed class ReleaseDesk(NpgsqlDataSource dataSource) : IReleases
{
    /// <inheritdoc />
    public async Task<Page<ReleaseView>> ListAsync(
        string? providerId, string? contractId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var limit = page.CheckedLimit();
        var cursor = page.CursorId();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await ReleaseStore.ListAsync(
            connection, providerId, contractId, cursor, limit + 1, cancellationToken);
        return Pages.Of(rows, limit, r => r.ToView(), r => r.Id);
    }
}
