"""The verbs by which a sentence goes on from the name of an office to what it does."""

DEEDS = (
    r"(?:có trách nhiệm|chịu trách nhiệm|chủ trì|là đơn vị|là cơ quan|hướng dẫn|tham mưu|theo dõi|phối hợp|căn cứ"
    r"|thực hiện|triển khai|xây dựng|tổ chức|tổng hợp|giúp|rà soát|kiểm tra|niêm yết|công khai|đăng|viết|tuyên truyền"
    r"|lập|mở|cập nhật|ban hành|đôn đốc|bố trí|báo cáo|ra quân|tiếp nhận|số h(?:oá|óa)|vận hành|cử|in|phát|hoàn thành"
    r"|vận động|tham gia|thẩm định|hỗ trợ|đánh giá|làm)(?!\w)"
)
