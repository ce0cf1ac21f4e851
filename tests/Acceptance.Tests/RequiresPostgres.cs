using Decent.Postgres.Clusters;
using Decent.Testing;

namespace Decent.Acceptance.Tests;

/// <summary>What the product needs from the machine.</summary>
internal static class RequiresPostgres
{
    /// <summary>Skips by name (fails on a build server) when PostgreSQL is not installed.</summary>
    public static async Task CheckAsync()
    {
        try
        {
            await PostgresBinaries.FindAsync(null, TestContext.Current.CancellationToken);
        }
        catch (ClusterException e)
        {
            Missing.Stop(e.Message);
        }
    }
}
