using System.Numerics;
using System.Text;
using Decent.Candid;
using Decent.Canister.Client;
using Decent.Replica.Canisters;
using Decent.Replica.Ledgers;
using Decent.Replica.Pools;

namespace Decent.Replica;

/// <summary>
/// The canisters a fresh replica starts with. Everything here is constant: the log of updates is replayed on top of
/// it, so a change of these numbers changes the meaning of an existing data directory.
/// </summary>
internal static class Genesis
{
    /// <summary>0.0203852135 USD per DCT.</summary>
    private static readonly BigInteger DctUsdE10 = 203_852_135;

    /// <summary>4.82 USD per ICP.</summary>
    private static readonly BigInteger IcpUsdE10 = 48_200_000_000;

    private static readonly PoolToken Dct = new(WellKnownCanisters.Platform.ToText(), "ICRC1", 9);
    private static readonly PoolToken Icp = new(WellKnownCanisters.IcpLedger.ToText(), "ICP", 8);
    private static readonly PoolToken CkUsdt = new(WellKnownCanisters.CkUsdtLedger.ToText(), "ICRC2", 6);

    public static LedgerSettings CkUsdtSettings(int? archiveAfter) => new(
        LedgerProfile.Icrc,
        "ckUSDT",
        "ckUSDT",
        Decimals: 6,
        Fee: 10_000,
        new LedgerAccount(Principal.FromText("sv3dd-oaaaa-aaaar-qacoa-cai"), null),
        FeeCollector: null,
        UInt128.MaxValue,
        archiveAfter);

    public static LedgerSettings IcpSettings(int? archiveAfter) => new(
        LedgerProfile.Icp,
        "Internet Computer",
        "ICP",
        Decimals: 8,
        Fee: 10_000,
        new LedgerAccount(Principal.FromText("rrkah-fqaaa-aaaaa-aaaaq-cai"), null),
        FeeCollector: null,
        ulong.MaxValue,
        archiveAfter);

    public static LedgerSettings PlatformSettings { get; } = new(
        LedgerProfile.Platform,
        "Decent Cloud",
        "DC",
        Decimals: 9,
        Fee: 1_000_000,
        new LedgerAccount(Principal.FromBytes(Encoding.ASCII.GetBytes("MINTING")), null),
        FeeCollector: null,
        ulong.MaxValue);

    /// <summary>All canisters in the order in which their states are compared.</summary>
    /// <param name="archiveAfter">Blocks the two DFINITY ledgers keep themselves; null keeps all.</param>
    public static IReadOnlyList<NativeCanister> Canisters(int? archiveAfter)
    {
        var ckUsdt = new IcrcLedgerCanister(
            WellKnownCanisters.CkUsdtLedger, CkUsdtSettings(archiveAfter), WellKnownCanisters.CkUsdtArchive);
        var icp = new IcpLedgerCanister(
            WellKnownCanisters.IcpLedger, IcpSettings(archiveAfter), WellKnownCanisters.IcpArchive);
        var pools = IcpSwapPools();
        return
        [
            ckUsdt,
            new IcrcArchiveCanister(WellKnownCanisters.CkUsdtArchive, ckUsdt),
            icp,
            new IcpArchiveCanister(WellKnownCanisters.IcpArchive, icp),
            new PlatformCanister(WellKnownCanisters.Platform, PlatformSettings, tokenValueUsdE6: 20_385),
            .. pools,
            new IcpSwapFactoryCanister(WellKnownCanisters.IcpSwapFactory, pools),
            new TacoCanister(WellKnownCanisters.Taco, TacoPools()),
        ];
    }

    /// <summary>DCT/ICP worth 400,000 USD (all DCT ever issued: 428,000) and ckUSDT/ICP worth 4,000,000.</summary>
    private static List<IcpSwapPoolCanister> IcpSwapPools() =>
    [
        new IcpSwapPoolCanister(WellKnownCanisters.IcpSwapDctIcp, ConcentratedPool.Around(
            Dct, Icp, 3_000, Units(200_000, DctUsdE10, Dct), Units(200_000, IcpUsdE10, Icp))),
        new IcpSwapPoolCanister(WellKnownCanisters.IcpSwapCkUsdtIcp, ConcentratedPool.Around(
            CkUsdt, Icp, 3_000, Units(2_000_000, OneUsdE10, CkUsdt), Units(2_000_000, IcpUsdE10, Icp))),
    ];

    /// <summary>The second venue, a little apart from the first as venues are: DCT 0.15 %, ICP 0.1 %.</summary>
    private static List<ReservePool> TacoPools() =>
    [
        new ReservePool(
            Dct, CkUsdt, Units(200_000, DctUsdE10, Dct), Units(200_000, OneUsdE10, CkUsdt) * 10_015 / 10_000),
        new ReservePool(
            Icp, CkUsdt, Units(2_000_000, IcpUsdE10, Icp), Units(2_000_000, OneUsdE10, CkUsdt) * 9_990 / 10_000),
    ];

    private static BigInteger OneUsdE10 => 10_000_000_000;

    /// <summary>Smallest units of a token that are worth a number of USD at a price.</summary>
    private static BigInteger Units(BigInteger usd, BigInteger priceE10, PoolToken token) =>
        usd * OneUsdE10 * BigInteger.Pow(10, token.Decimals) / priceE10;
}
