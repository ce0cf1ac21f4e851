using System.Security.Cryptography;
using System.Text;
using Decent.Candid;
using Decent.Replica.Ledgers;

namespace Decent.Replica.Tests;

/// <summary>Owners by name, so that scenarios read like sentences.</summary>
internal static class TestAccounts
{
    public static Principal Owner(string name) => Principal.FromBytes(
        SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 29));

    public static LedgerAccount Account(string name, byte[]? subaccount = null) => new(Owner(name), subaccount);
}
