using Decent.Payments.Commands;
using Npgsql;

namespace Decent.Payments.Refunds;

/// <inheritdoc cref="IRefunds" />
internal sealed class RefundDesk(NpgsqlDataSource dataSource) : IRefunds
{
    /// <inheritdoc />
    public async Task<Page<RefundView>> ListAsync(
        string? contractId, PageRequest page, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        var limit = page.CheckedLimit();
        var cursor = page.CursorId();
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var rows = await RefundStore.ListAsync(connection, contractId, cursor, limit + 1, cancellationToken);
        return Pages.Of(rows, limit, r => r.ToView(), r => r.Id);
    }
}
