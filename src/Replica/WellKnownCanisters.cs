using Decent.Candid;

namespace Decent.Replica;

/// <summary>The canisters of the replica, under the ids they have on the Internet Computer.</summary>
public static class WellKnownCanisters
{
    /// <summary>The platform canister (DCT).</summary>
    public static Principal Platform { get; } = Principal.FromText("ggi4a-wyaaa-aaaai-actqq-cai");

    /// <summary>The ICP ledger.</summary>
    public static Principal IcpLedger { get; } = Principal.FromText("ryjl3-tyaaa-aaaaa-aaaba-cai");

    /// <summary>The first archive of the ICP ledger.</summary>
    public static Principal IcpArchive { get; } = Principal.FromText("qjdve-lqaaa-aaaaa-aaaeq-cai");

    /// <summary>The ckUSDT ledger.</summary>
    public static Principal CkUsdtLedger { get; } = Principal.FromText("cngnf-vqaaa-aaaar-qag4q-cai");

    /// <summary>The archive of the ckUSDT ledger; an id of the replica's own.</summary>
    public static Principal CkUsdtArchive { get; } = Opaque(0x0000_0000_0230_9001);

    /// <summary>The factory of ICPSwap.</summary>
    public static Principal IcpSwapFactory { get; } = Principal.FromText("4mmnk-kiaaa-aaaag-qbllq-cai");

    /// <summary>The DCT/ICP pool of ICPSwap; an id of the replica's own.</summary>
    public static Principal IcpSwapDctIcp { get; } = Opaque(0x0000_0000_00d0_9001);

    /// <summary>The ckUSDT/ICP pool of ICPSwap; an id of the replica's own.</summary>
    public static Principal IcpSwapCkUsdtIcp { get; } = Opaque(0x0000_0000_00d0_9002);

    /// <summary>The TACO exchange.</summary>
    public static Principal Taco { get; } = Principal.FromText("qioex-5iaaa-aaaan-q52ba-cai");

    /// <summary>An id made from a number, in the form the system gives to canisters.</summary>
    internal static Principal Opaque(ulong number)
    {
        var bytes = new byte[10];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        bytes[8] = 1;
        bytes[9] = 1;
        return Principal.FromBytes(bytes);
    }
}
